// Jobs, tasks and attempts in an SQL database, through SOCI.
#pragma once

#include <memory>
#include <string>

#include "platform/job_store.h"

namespace reel::platform {

// Errors: those of the seam; kInvalidArgument (not writable), kCorruptInput
// (not a database), kUnsupported (of a newer version).
base::Result<std::unique_ptr<JobStore>> OpenSqliteJobStore(
    const std::string& path);

}  // namespace reel::platform
