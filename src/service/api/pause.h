// Waiting that ends early.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace reel::service::api {

// So long, or until a stop is requested.
inline void Pause(const std::stop_token& stop,
                  std::chrono::milliseconds length) {
  std::mutex mu;
  std::condition_variable_any never;
  std::unique_lock lock(mu);
  never.wait_for(lock, stop, length, [] { return false; });
}

}  // namespace reel::service::api
