// Trying again what may succeed at another time.
#pragma once

#include <chrono>
#include <functional>

#include "base/result.h"

namespace reel::platform {

struct RetryLimits {
  int max_attempts = 6;
  std::chrono::milliseconds first_delay{100};
  std::chrono::milliseconds max_delay = std::chrono::seconds(10);
};

// Until it goes well, or ends with anything but kUnavailable, or was tried
// often enough. Each pause is twice as long as the one before, less up to a
// half.
base::Status Retry(const RetryLimits& limits,
                   const std::function<base::Status()>& attempt);

}  // namespace reel::platform
