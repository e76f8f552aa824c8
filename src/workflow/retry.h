// What follows a failed attempt.
#pragma once

#include <chrono>
#include <string>

#include "platform/job_store.h"
#include "workflow/task.h"

namespace reel::workflow {

enum class Cause {
  kError,      // the task's function ended with an error: its code decides
  kCrash,      // its process died
  kLostInput,  // an input must be made again first
};

struct Verdict {
  platform::AfterFailure after;
  std::chrono::milliseconds delay{0};  // until the next attempt
};

// `failures` counts this one. Pure: the jitter comes from the id and the count.
Verdict AfterFailedAttempt(const std::string& task_id,
                           const RetryPolicy& policy, int failures, Cause cause,
                           base::Code code);

// Exponential from first_delay, at most max_delay, less up to a half of it, so
// that tasks which failed together do not return together.
std::chrono::milliseconds BackOff(const std::string& task_id,
                                  const RetryPolicy& policy, int failures);

}  // namespace reel::workflow
