// How often somebody may ask: a token bucket for each.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace reel::service::api {

struct RateLimit {
  double per_second = 20;
  double burst = 100;  // at once, after a while of silence
};

// Safe from several threads.
class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  RateLimiter(RateLimit limit, std::function<Time()> clock);

  // Zero: go on. Else how long until `who` may ask again.
  std::chrono::milliseconds Take(const std::string& who);

 private:
  struct Bucket {
    double tokens = 0;
    Time filled;
  };
  // Full buckets are as good as none, and forgotten.
  void Forget(Time now);

  const RateLimit limit_;
  const std::function<Time()> clock_;
  std::mutex mu_;  // buckets_
  std::map<std::string, Bucket> buckets_;
};

}  // namespace reel::service::api
