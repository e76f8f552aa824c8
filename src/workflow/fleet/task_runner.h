// A place where a fleet's worker runs one task at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/result.h"
#include "workflow/fleet/messages.h"

namespace reel::workflow::fleet {

// One thread. Another implementation than processes is that of a simulated
// fleet, whose tasks only take their time.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;

  // Begins an attempt (verdict kStart). None is running.
  // Errors: kUnavailable, kIo, kResourceExhausted (no process can be started).
  virtual base::Status Begin(const StartedTask& task) = 0;
  // Becomes readable when Poll may have news; -1: ask now and then.
  virtual int descriptor() const = 0;
  // How the attempt ended, once; all of it but worker and host.
  virtual std::optional<AttemptReport> Poll() = 0;
  // 0 .. 1, of the attempt that runs.
  virtual double fraction() const = 0;
  // Ends the attempt at once; Poll does not tell of it.
  virtual void Kill() = 0;
};

using MakeRunner = std::function<std::unique_ptr<TaskRunner>(int slot)>;

}  // namespace reel::workflow::fleet
