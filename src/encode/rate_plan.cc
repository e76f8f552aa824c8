#include "encode/rate_plan.h"

#include <algorithm>

#include "base/rational.h"
#include "model/leaky_bucket.h"

namespace reel::encode {
namespace {

// Bits per second that `bits` are over the chunk, rounded up.
int64_t PerSecond(int64_t bits, int64_t duration_ticks, int64_t timescale_hz) {
  return base::Rescale(bits, {timescale_hz, duration_ticks}, {1, 1}) + 1;
}

}  // namespace

RateControl PlanRate(const model::Rung& rung, int attempt,
                     int64_t shortfall_bits, int64_t duration_ticks,
                     int64_t timescale_hz) {
  RateControl rate{.maxrate_bps = rung.maxrate_bps,
                   .buffer_bits = rung.buffer_bits,
                   .initial_buffer_percent = model::kReservePercent};
  if (attempt == 0) return rate;
  const int64_t reserve_bits = rung.buffer_bits * model::kReservePercent / 100;
  int64_t less_bps = 0;
  if (attempt == 1) {
    less_bps = PerSecond(shortfall_bits + shortfall_bits / 4, duration_ticks,
                         timescale_hz);
  } else {
    rate.buffer_bits = reserve_bits;
    rate.initial_buffer_percent = 100;
    less_bps = PerSecond(reserve_bits, duration_ticks, timescale_hz);
  }
  // A chunk of a few frames would be left nothing: a fifth always stays.
  rate.maxrate_bps =
      std::max(rung.maxrate_bps - less_bps, rung.maxrate_bps / 5);
  return rate;
}

}  // namespace reel::encode
