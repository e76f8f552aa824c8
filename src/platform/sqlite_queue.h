// The task queue of one machine: a table of the state database.
#pragma once

#include <memory>
#include <string>

#include "platform/clock.h"
#include "platform/task_queue.h"

namespace reel::platform {

// Errors: those of the seam; kInvalidArgument (not writable), kCorruptInput
// (not a database), kUnsupported (of a newer version).
base::Result<std::unique_ptr<TaskQueue>> OpenSqliteQueue(
    const std::string& path, ClockMs clock = SystemClockMs);

}  // namespace reel::platform
