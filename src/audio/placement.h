// Where decoded sound goes on the title's clock: decisions only, no samples.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/rational.h"

namespace reel::audio {

// What to do with a block of sound: `silence` samples, then the block's samples
// [first, first + samples). All may be 0.
struct Placement {
  int64_t silence = 0;
  int64_t first = 0;
  int64_t samples = 0;
  friend bool operator==(const Placement&, const Placement&) = default;
};

// A decoded block: when it is heard, in ticks of the track's time base or
// model::kNoTime, and how long it is.
struct BlockTime {
  int64_t pts = 0;
  int64_t samples = 0;
};

// How far to look ahead to tell a jump of the clock from its jitter.
inline constexpr base::Rational kLookahead{2, 1};  // seconds
// Near the end of a track less is ahead, and less than this proves no jump that
// is shorter than this.
inline constexpr base::Rational kLeastEvidence{1, 4};  // seconds

// Turns blocks with container times into one stretch of sound without a gap,
// from the title's start to its end. Blocks follow each other by the count of
// their samples. The container's clock corrects that count, by the least that
// it asks for, where from one block on, for all of the blocks ahead, it differs
// to the same side by more than kJumpTolerance and one tick of its own. A clock
// that rounds or jitters corrects nothing; a gap is filled where it is. Pure.
class Placer {
 public:
  //   time_base    of the blocks' times, seconds
  //   title_start  seconds of the container's clock
  //   rate_hz      of the sound
  //   end          samples that the title lasts
  Placer(base::Rational time_base, base::Rational title_start, int rate_hz,
         int64_t end);

  // Places the first of `ahead`, whose others are the blocks that follow it in
  // the next kLookahead seconds.
  Placement Place(const std::deque<BlockTime>& ahead);
  // Samples that are still missing at the end.
  int64_t missing() const { return end_ - placed_; }

  // Gaps and overlaps met so far, and the samples put in and taken out.
  int64_t corrections() const { return corrections_; }
  int64_t silence() const { return silence_; }
  int64_t dropped() const { return dropped_; }

 private:
  std::optional<int64_t> SampleOf(int64_t pts) const;
  int64_t Correction(int64_t counted, const std::deque<BlockTime>& ahead) const;

  base::Rational time_base_;
  base::Rational sample_;  // seconds
  int64_t start_;          // of the title, samples of the container's clock
  int64_t tolerance_;      // samples
  int64_t least_evidence_;
  int64_t end_;
  int64_t placed_ = 0;           // samples, silence included
  std::optional<int64_t> next_;  // where the next block goes by the count
  int64_t corrections_ = 0;
  int64_t silence_ = 0;
  int64_t dropped_ = 0;
};

}  // namespace reel::audio
