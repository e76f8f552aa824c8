#include "workflow/retry.h"

#include <algorithm>

#include "base/digest.h"

namespace reel::workflow {

using platform::AfterFailure;
using std::chrono::milliseconds;

milliseconds BackOff(const std::string& task_id, const RetryPolicy& policy,
                     int failures) {
  milliseconds delay = policy.first_delay;
  for (int i = 1; i < failures && delay < policy.max_delay; ++i) delay *= 2;
  delay = std::min(delay, policy.max_delay);
  const std::string hash =
      base::Sha256(task_id + "/" + std::to_string(failures));
  const auto jitter = std::stoul(hash.substr(0, 4), nullptr, 16);  // < 65536
  return delay - delay * static_cast<int64_t>(jitter) / (2 * 65536);
}

Verdict AfterFailedAttempt(const std::string& task_id,
                           const RetryPolicy& policy, int failures, Cause cause,
                           base::Code code) {
  if (failures >= policy.max_attempts) return {AfterFailure::kFail};
  switch (cause) {
    case Cause::kLostInput:
      return {AfterFailure::kRelease};
    case Cause::kError:
      if (!base::MayRetry(code)) return {AfterFailure::kFail};
      break;
    case Cause::kCrash:
      break;
  }
  return {AfterFailure::kRetry, BackOff(task_id, policy, failures)};
}

}  // namespace reel::workflow
