// Stretches of frames that have something in common, as findings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "inspect/check.h"

namespace reel::inspect {

// Frames [first, end).
struct FrameRun {
  size_t first = 0;
  size_t end = 0;
  size_t frames() const { return end - first; }
};

// The longest runs of frames for which `is_in(frame)` holds, in order.
template <typename IsIn>
std::vector<FrameRun> FindRuns(size_t frames, IsIn is_in) {
  std::vector<FrameRun> runs;
  for (size_t n = 0; n < frames; ++n) {
    if (!is_in(n)) continue;
    if (runs.empty() || runs.back().end != n) runs.push_back({n, n});
    runs.back().end = n + 1;
  }
  return runs;
}

// The first frames of shots, but not of the title: where the fingerprints'
// change is large and several times that of the frames around. In order.
std::vector<int64_t> Cuts(const TitleFacts& title);

// From the first frame's start to the last's end.
int64_t LengthMs(const TitleFacts& facts, const FrameRun& run);

// The level (of 10 bits) that 99.9 % of the frame's luma samples do not exceed,
// above black.
int BrightestLevel(const TitleFacts& facts, size_t frame);
// A picture is black up to this: 14 levels of 8 bits, coding noise included.
inline constexpr int kBlackestLevel = 56;
inline bool IsBlackPicture(const TitleFacts& facts, size_t frame) {
  return BrightestLevel(facts, frame) <= kBlackestLevel;
}

// `finding` with stream, times, first frame and evidence of the run; its
// message, so far without a full stop, goes on "for 2.000 s, from …".
model::Finding FindingOfRun(const TitleFacts& facts, const FrameRun& run,
                            model::Finding finding);

// At most kMaxFindings (inspect/events.h): the last covers all the rest.
Findings Capped(Findings findings);

}  // namespace reel::inspect
