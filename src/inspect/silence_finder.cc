#include "inspect/silence_finder.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "inspect/sound_levels.h"

namespace reel::inspect {
namespace {

constexpr double kQuietPower = 3.2e-7;  // -65 dBFS
constexpr double kLeastSeconds = 0.014;
constexpr size_t kBlip = 3;  // levels
constexpr double kLoudDb = -50;
constexpr double kSharpSeconds = 0.08;
constexpr double kNear = 0.1;  // of the power beside it: 10 dB less

double Mean(std::span<const double> powers) {
  if (powers.empty()) return 0;
  return std::accumulate(powers.begin(), powers.end(), 0.0) /
         static_cast<double>(powers.size());
}

}  // namespace

void SilenceFinder::See(double time, double power, double seconds) {
  const bool quiet = power < kQuietPower;
  if (state_ == State::kSound) {
    if (quiet) Begin(time, seconds);
  } else if (state_ == State::kAfter && quiet && after_.size() <= kBlip) {
    // No sound after all.
    for (const double blip : after_) SeeQuiet(blip);
    after_.clear();
    state_ = State::kQuiet;
  } else if (state_ == State::kAfter && quiet) {
    Close(seconds);
    Begin(time, seconds);
  }
  if (state_ == State::kQuiet && quiet) {
    SeeQuiet(power);
    open_.end = time + seconds;
    return;
  }
  if (state_ != State::kSound) SeeAfter(power, seconds);
  before_[seen_++ % kNeighbours] = power;
}

void SilenceFinder::Begin(double time, double seconds) {
  const size_t known = std::min(seen_, kNeighbours);
  const double mean = Mean({before_.data(), known});
  size_t fall = 0;
  while (fall < known &&
         before_[(seen_ - 1 - fall) % kNeighbours] < kNear * mean) {
    ++fall;
  }
  open_ = {.start = time,
           .end = time,
           .channel = channel_,
           .before_db = PowerDb(mean),
           .fall_seconds = static_cast<double>(fall) * seconds};
  inside_seen_ = 0;
  least_ = 1;
  floor_ = -1;
  after_.clear();
  state_ = State::kQuiet;
}

void SilenceFinder::SeeQuiet(double power) {
  // What leaves the ring now is far enough from the end.
  if (inside_seen_ >= 2 * kBlurred) {
    floor_ = std::max(floor_, inside_[inside_seen_ % kBlurred]);
  }
  inside_[inside_seen_++ % kBlurred] = power;
  least_ = std::min(least_, power);
}

void SilenceFinder::SeeAfter(double power, double seconds) {
  state_ = State::kAfter;
  after_.push_back(power);
  if (after_.size() == kNeighbours) Close(seconds);
}

void SilenceFinder::Finish() {
  if (state_ == State::kAfter) Close(kFineSeconds);
  state_ = State::kSound;
}

void SilenceFinder::Close(double seconds) {
  const double mean = Mean(after_);
  size_t rise = 0;
  while (after_[rise] < kNear * mean) ++rise;
  open_.after_db = PowerDb(mean);
  open_.rise_seconds = static_cast<double>(rise) * seconds;
  open_.floor_db = PowerDb(floor_ >= 0 ? floor_ : least_);
  state_ = State::kSound;
  const double length = open_.end - open_.start;
  if (length < kLeastSeconds || open_.before_db <= kSilenceDb) return;
  ++count_;
  seconds_ += length;
  const bool telling =
      open_.before_db >= kLoudDb && open_.after_db >= kLoudDb &&
      std::max(open_.fall_seconds, open_.rise_seconds) <= kSharpSeconds;
  if (telling && silences_.size() < kMaxSoundEvents) silences_.push_back(open_);
}

}  // namespace reel::inspect
