#include "audio/placement.h"

#include <algorithm>
#include <cmath>

#include "audio/audio.h"
#include "model/packets.h"

namespace reel::audio {
namespace {

// A clock that reads more than 30 years is broken, and not to be believed.
constexpr double kMostSeconds = 1e9;

}  // namespace

Placer::Placer(base::Rational time_base, base::Rational title_start,
               int rate_hz, int64_t end)
    : time_base_(time_base),
      sample_{1, rate_hz},
      start_(base::Rescale(1, title_start, sample_)),
      tolerance_(base::Rescale(1, kJumpTolerance, sample_) +
                 base::Rescale(1, time_base, sample_)),
      least_evidence_(base::Rescale(1, kLeastEvidence, sample_)),
      end_(end) {}

std::optional<int64_t> Placer::SampleOf(int64_t pts) const {
  if (pts == model::kNoTime ||
      std::abs(base::Seconds(pts, time_base_)) > kMostSeconds) {
    return std::nullopt;
  }
  return base::Rescale(pts, time_base_, sample_) - start_;
}

// By how much the clock corrects the count from here on, in samples.
int64_t Placer::Correction(int64_t counted,
                           const std::deque<BlockTime>& ahead) const {
  int64_t least = 0;
  int64_t evidence = 0;  // samples
  for (const BlockTime& block : ahead) {
    const int64_t late =
        SampleOf(block.pts).value_or(counted + least) - counted;
    const bool other_side = (late > 0) != (least > 0) && least != 0;
    if (std::abs(late) <= tolerance_ || other_side) return 0;
    if (least == 0 || std::abs(late) < std::abs(least)) least = late;
    counted += block.samples;
    evidence += block.samples;
  }
  return std::max(evidence, std::abs(least)) < least_evidence_ ? 0 : least;
}

Placement Placer::Place(const std::deque<BlockTime>& ahead) {
  const auto [pts, samples] = ahead.front();
  const int64_t counted = next_ ? *next_ : SampleOf(pts).value_or(0);
  const int64_t correction = Correction(counted, ahead);
  if (next_ && correction != 0) ++corrections_;
  const int64_t at = counted + correction;
  next_ = at + samples;

  const int64_t overlap = std::max<int64_t>(placed_ - at, 0);
  Placement placement;
  placement.silence = std::clamp<int64_t>(at - placed_, 0, missing());
  placement.first = std::min(overlap, samples);
  placement.samples = std::clamp<int64_t>(end_ - placed_ - placement.silence, 0,
                                          samples - placement.first);
  // What lies before the title's start is nothing that was taken out.
  const int64_t before_start = std::clamp<int64_t>(-at, 0, samples);
  dropped_ += std::max<int64_t>(placement.first - before_start, 0);
  silence_ += placement.silence;
  placed_ += placement.silence + placement.samples;
  return placement;
}

}  // namespace reel::audio
