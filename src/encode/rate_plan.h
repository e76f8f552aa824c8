// Which rate control an encode of a chunk gets, so that joined chunks never
// break the rendition's rate bound.
#pragma once

#include <cstdint>
#include <optional>

#include "encode/rung_encoder.h"
#include "model/ladder.h"

namespace reel::encode {

inline constexpr int kMaxAttempts = 3;

// The rate control of attempt 0, 1, 2. A chunk is encoded as if a buffer held
// model::kReservePercent of its size at the start, and must leave as much
// (model/leaky_bucket.h says why that suffices).
//   shortfall_bits  by how much the attempt before missed the bound
//   duration_ticks  of the chunk, on a clock of timescale_hz
// Attempt 0 is the recipe's own. Attempt 1 takes the shortfall, and a quarter
// more, off the peak rate. Attempt 2 holds for certain as far as the encoder
// keeps its own bound: a buffer of only the reserve, full at the start, filled
// at M - reserve / T. Over T seconds at most reserve + (M - reserve / T) T = M
// T bits are spent, so a buffer filled at M ends where it began. Pure.
RateControl PlanRate(const model::Rung& rung, int attempt,
                     int64_t shortfall_bits, int64_t duration_ticks,
                     int64_t timescale_hz);

}  // namespace reel::encode
