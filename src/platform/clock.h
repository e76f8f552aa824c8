// Time as the platform sees it: passed in, so that tests turn the hands.
#pragma once

#include <cstdint>
#include <functional>

namespace reel::platform {

// Milliseconds since 1970; the same for all processes of the store.
using ClockMs = std::function<int64_t()>;
int64_t SystemClockMs();

}  // namespace reel::platform
