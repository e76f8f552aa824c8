#include "model/constant_grid.h"

#include <limits>

namespace reel::model {
namespace {

__extension__ using Wide = __int128;

constexpr int kFineTicks = 8;

enum class Fit { kOnGrid, kIntervalTooShort, kIntervalTooLong };

// The span of the differences is a convex function of the interval, so the two
// frames with the extreme differences tell on which side a better one lies.
Fit Compare(std::span<const int64_t> ticks, base::Rational interval) {
  const bool fine = interval.num >= Wide{kFineTicks} * interval.den;
  const Wide tolerance = fine ? interval.den : 0;
  Wide lowest = 0, highest = 0;  // in 1/den ticks, relative to the first frame
  size_t lowest_at = 0, highest_at = 0;
  for (size_t i = 1; i < ticks.size(); ++i) {
    const Wide off = (Wide{ticks[i]} - ticks[0]) * interval.den -
                     Wide{interval.num} * static_cast<int64_t>(i);
    if (off < lowest) lowest = off, lowest_at = i;
    if (off > highest) highest = off, highest_at = i;
  }
  if (highest - lowest <= tolerance) return Fit::kOnGrid;
  return highest_at > lowest_at ? Fit::kIntervalTooShort
                                : Fit::kIntervalTooLong;
}

}  // namespace

bool LiesOnGrid(std::span<const int64_t> ticks, base::Rational interval) {
  return Compare(ticks, interval) == Fit::kOnGrid;
}

std::optional<base::Rational> FitConstantGrid(std::span<const int64_t> ticks,
                                              int64_t max_den) {
  const int64_t intervals = static_cast<int64_t>(ticks.size()) - 1;
  const int64_t mean = (ticks.back() - ticks.front()) / intervals;
  // Down the Stern-Brocot tree between two whole numbers. Long runs in one
  // direction (whose steps have denominators up to max_den) are cut off: real
  // rates are a few steps down.
  constexpr int kMaxSteps = 64;
  base::Rational low{mean, 1}, high{mean + 1, 1};
  for (const base::Rational end : {low, high})
    if (LiesOnGrid(ticks, end)) return end;
  // Sums of numerators below must fit; no real frame is that long.
  if (mean >= std::numeric_limits<int64_t>::max() / (2 * max_den) - 1) {
    return std::nullopt;
  }
  for (int step = 0; step < kMaxSteps; ++step) {
    const base::Rational middle{low.num + high.num, low.den + high.den};
    if (middle.den > max_den) break;
    switch (Compare(ticks, middle)) {
      case Fit::kOnGrid:
        return middle;
      case Fit::kIntervalTooShort:
        low = middle;
        break;
      case Fit::kIntervalTooLong:
        high = middle;
        break;
    }
  }
  return std::nullopt;
}

}  // namespace reel::model
