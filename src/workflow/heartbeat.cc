#include "workflow/heartbeat.h"

#include <algorithm>
#include <utility>

namespace reel::workflow {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Heartbeat::Heartbeat(milliseconds interval, milliseconds timeout,
                     std::function<void()> beat, std::function<void()> expire)
    : beat_(std::move(beat)),
      expire_(std::move(expire)),
      thread_([this, interval, timeout](const std::stop_token& stop) {
        Run(stop, interval, timeout);
      }) {}

void Heartbeat::Run(const std::stop_token& stop, milliseconds interval,
                    milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  for (;;) {
    const auto next = std::min(steady_clock::now() + interval, deadline);
    std::unique_lock lock(mu_);
    stopped_.wait_until(lock, stop, next, [] { return false; });
    if (stop.stop_requested()) return;
    if (steady_clock::now() >= deadline) return expire_();
    beat_();
  }
}

}  // namespace reel::workflow
