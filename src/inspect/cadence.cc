#include "inspect/cadence.h"

#include <algorithm>
#include <cstdlib>

namespace reel::inspect {
namespace {

constexpr int64_t kSteadyPercent = 95;

// By how much frames `first` and `last` are further apart than they should be.
int64_t Excess(const model::FrameTable& frames, int64_t frame_ticks,
               int64_t first, int64_t last) {
  return frames[static_cast<size_t>(last)].pts -
         frames[static_cast<size_t>(first)].pts - (last - first) * frame_ticks;
}

// Frames missing before frame n: as many as are missing over every span of one
// or two distances around it.
int64_t MissingBefore(const model::FrameTable& frames, int64_t frame_ticks,
                      int64_t n) {
  int64_t excess = Excess(frames, frame_ticks, n - 1, n);
  if (n >= 2) {
    excess = std::min(excess, Excess(frames, frame_ticks, n - 2, n));
  }
  if (n + 1 < std::ssize(frames)) {
    excess = std::min(excess, Excess(frames, frame_ticks, n - 1, n + 1));
  }
  return excess <= 0 ? 0 : (excess + frame_ticks / 2) / frame_ticks;
}

bool IsWholeMultiple(int64_t distance, int64_t frame_ticks, int64_t tolerance) {
  const int64_t rest = distance % frame_ticks;
  return distance > 0 && std::min(rest, frame_ticks - rest) <= tolerance;
}

}  // namespace

Cadence FindCadence(const model::FrameTable& frames, int64_t frame_ticks) {
  Cadence cadence;
  const int64_t tolerance = std::max<int64_t>(1, frame_ticks / 10);
  for (int64_t n = 1; n < std::ssize(frames); ++n) {
    const int64_t excess = Excess(frames, frame_ticks, n - 1, n);
    const int64_t distance = excess + frame_ticks;
    cadence.shortest = n == 1 ? distance : std::min(cadence.shortest, distance);
    cadence.longest = n == 1 ? distance : std::max(cadence.longest, distance);
    if (std::abs(excess) <= tolerance) continue;
    ++cadence.deviating;
    cadence.uneven += std::abs(excess) > std::max(tolerance, frame_ticks / 4) &&
                      !IsWholeMultiple(distance, frame_ticks, tolerance);
    const int64_t missing = MissingBefore(frames, frame_ticks, n);
    if (missing > 0) {
      cadence.gaps.push_back({n, missing});
    } else if (distance > 0) {
      cadence.irregular.push_back(n);
    }
  }
  cadence.steady = 100 * cadence.deviating <=
                   (100 - kSteadyPercent) * (std::ssize(frames) - 1);
  return cadence;
}

}  // namespace reel::inspect
