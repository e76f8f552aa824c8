#include "service/api/rate_limiter.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace reel::service::api {
namespace {

using Seconds = std::chrono::duration<double>;

// More at a time is an attack from many addresses, and is let pass: a limiter
// that grows with it would be the better target.
constexpr size_t kMaxBuckets = 100'000;

}  // namespace

RateLimiter::RateLimiter(RateLimit limit, std::function<Time()> clock)
    : limit_(limit), clock_(std::move(clock)) {}

std::chrono::milliseconds RateLimiter::Take(const std::string& who) {
  const std::lock_guard lock(mu_);
  const Time now = clock_();
  if (buckets_.size() >= kMaxBuckets && !buckets_.contains(who)) {
    Forget(now);
    if (buckets_.size() >= kMaxBuckets) return {};
  }
  const auto [at, is_new] =
      buckets_.try_emplace(who, Bucket{limit_.burst, now});
  Bucket& bucket = at->second;
  bucket.tokens = std::min(
      limit_.burst,
      bucket.tokens + Seconds(now - bucket.filled).count() * limit_.per_second);
  bucket.filled = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return {};
  }
  const double wait_ms = 1000 * (1 - bucket.tokens) / limit_.per_second;
  return std::chrono::milliseconds(std::lround(std::ceil(wait_ms)));
}

void RateLimiter::Forget(Time now) {
  std::erase_if(buckets_, [&](const auto& entry) {
    const Bucket& bucket = entry.second;
    return bucket.tokens +
               Seconds(now - bucket.filled).count() * limit_.per_second >=
           limit_.burst;
  });
}

}  // namespace reel::service::api
