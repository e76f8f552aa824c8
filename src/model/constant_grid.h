// Is there a constant frame rate behind a list of rounded times?
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/rational.h"

namespace reel::model {

// Whether times `ticks` are those of frames `interval` ticks apart, rounded to
// whole ticks in one and the same way: their differences to the grid then span
// one tick at most. Rounding explains nothing where a tick is coarse: below
// eight ticks a frame, the grid must be met exactly.
//   interval  ticks per frame, > 0
bool LiesOnGrid(std::span<const int64_t> ticks, base::Rational interval);

// The simplest interval, in ticks per frame, whose grid the times lie on, of
// those with a denominator of at most `max_den`. Increasing times, n >= 2.
std::optional<base::Rational> FitConstantGrid(std::span<const int64_t> ticks,
                                              int64_t max_den);

}  // namespace reel::model
