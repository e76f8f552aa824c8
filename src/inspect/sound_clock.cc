#include "inspect/sound_clock.h"

#include <algorithm>

namespace reel::inspect {
namespace {

constexpr double kTolerance = 0.015;
constexpr double kProof = 0.5;
// What is no wandering of a clock that was rounded on the way.
constexpr double kJump = 0.1;

}  // namespace

double SoundClock::Place(std::optional<double> stated, double seconds) {
  if (!start_) start_ = end_ = stated.value_or(0);
  const double time = stated.value_or(end_);
  const double ahead = time - end_;
  if (doubt_) {
    doubt_->least = std::min(doubt_->least, time - doubt_->expected);
    doubt_->expected += seconds;
    if (doubt_->least <= kTolerance) {
      doubt_.reset();
    } else if (time >= doubt_->until) {
      Settle();
    }
  } else if (ahead > kTolerance) {
    doubt_ = Doubt{end_, end_ + seconds, ahead, time + kProof};
  } else if (ahead < -kJump) {
    jumps_ += ahead;
  }
  counted_ += seconds;
  end_ = time + seconds;
  return time;
}

void SoundClock::Finish() {
  if (doubt_) Settle();
}

double SoundClock::drift_seconds() const {
  return start_ ? end_ - *start_ - counted_ - jumps_ : 0;
}

void SoundClock::Settle() {
  if (doubt_->least > kJump) jumps_ += doubt_->least;
  if (holes_.size() < kMaxSoundEvents) {
    holes_.push_back(
        {.start = doubt_->start, .end = doubt_->start + doubt_->least});
  }
  doubt_.reset();
}

}  // namespace reel::inspect
