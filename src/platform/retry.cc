#include "platform/retry.h"

#include <algorithm>
#include <random>
#include <thread>

namespace reel::platform {

base::Status Retry(const RetryLimits& limits,
                   const std::function<base::Status()>& attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  std::chrono::milliseconds delay = limits.first_delay;
  for (int n = 1;; ++n) {
    base::Status status = attempt();
    if (status || status.error().code != base::Code::kUnavailable ||
        n >= limits.max_attempts)
      return status;
    std::uniform_int_distribution<int64_t> jitter(delay.count() / 2,
                                                  delay.count());
    std::this_thread::sleep_for(std::chrono::milliseconds(jitter(random)));
    delay = std::min(delay * 2, limits.max_delay);
  }
}

}  // namespace reel::platform
