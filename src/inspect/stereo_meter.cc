#include "inspect/stereo_meter.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace reel::inspect {
namespace {

constexpr int kPatience = 2;  // slices
constexpr double kSilentDb = -75;
constexpr double kSoundingDb = -45;
constexpr double kLoudPower = 3.2e-6;  // -55 dBFS
constexpr double kOpposed = -0.7;

double MeanPower(const std::vector<FineLevel>& levels) {
  double sum = 0;
  for (const FineLevel& level : levels) sum += level.power;
  return levels.empty() ? 0 : sum / static_cast<double>(levels.size());
}

double Product(const std::vector<float>& a, const std::vector<float>& b) {
  constexpr size_t kLanes = 8;
  float sums[kLanes] = {};
  size_t n = 0;
  for (; n + kLanes <= a.size(); n += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += a[n + lane] * b[n + lane];
    }
  }
  double sum = 0;
  for (const float lane : sums) sum += lane;
  for (; n < a.size(); ++n) sum += a[n] * b[n];
  return sum;
}

}  // namespace

void StretchFinder::See(double start, double end, std::optional<bool> holds) {
  if (holds == true) {
    misses_ = 0;
    if (!open_) open_ = Stretch{start, end, channel_};
    open_->end = end;
  } else if (holds == false && open_ && ++misses_ > kPatience) {
    Close();
  }
}

void StretchFinder::Close() {
  const bool long_enough = open_->end - open_->start >= least_seconds_;
  if (long_enough && found_.size() < kMaxSoundEvents) found_.push_back(*open_);
  open_.reset();
}

void StretchFinder::AddTo(std::vector<Stretch>& stretches) {
  if (open_) Close();
  for (const Stretch& stretch : found_) {
    if (stretches.size() < kMaxSoundEvents) stretches.push_back(stretch);
  }
}

ChannelMeter::ChannelMeter(int channels)
    : channels_(static_cast<size_t>(channels)) {
  for (int c = 0; c < channels; ++c) silent_.emplace_back(c, 2.0);
}

void ChannelMeter::See(const Slice& slice) {
  std::vector<double> levels;
  for (size_t c = 0; c < channels_.size(); ++c) {
    levels.push_back(PowerDb(MeanPower(slice.levels[c])));
    for (const FineLevel& level : slice.levels[c]) {
      channels_[c].peak =
          std::max(channels_[c].peak, static_cast<double>(level.peak));
    }
    channels_[c].loudest_db = std::max(channels_[c].loudest_db, levels[c]);
  }
  const double loudest = *std::max_element(levels.begin(), levels.end());
  for (size_t c = 0; c < channels_.size(); ++c) {
    // When all are quiet, nothing is said of one.
    const auto silent = loudest < kSoundingDb
                            ? std::nullopt
                            : std::optional(levels[c] < kSilentDb);
    silent_[c].See(slice.time, slice.TimeOf(slice.samples()), silent);
  }
}

std::vector<Stretch> ChannelMeter::TakeSilent() {
  std::vector<Stretch> stretches;
  for (StretchFinder& finder : silent_) finder.AddTo(stretches);
  return stretches;
}

void StereoMeter::See(const Slice& slice) {
  if (slice.pcm.size() < 2) return;
  const auto count = static_cast<double>(slice.samples());
  const double left = MeanPower(slice.levels[0]) * count;
  const double right = MeanPower(slice.levels[1]) * count;
  std::optional<bool> opposed;
  if (std::min(left, right) > kLoudPower * count) {
    const double product = Product(slice.pcm[0], slice.pcm[1]);
    opposed = product < kOpposed * std::sqrt(left * right);
    ++facts_.loud;
    facts_.opposed += *opposed ? 1 : 0;
    facts_.mid_energy += (left + right + 2 * product) / 4;
    facts_.side_energy += (left + right - 2 * product) / 4;
  }
  opposed_.See(slice.time, slice.TimeOf(slice.samples()), opposed);
}

StereoFacts StereoMeter::Take() {
  opposed_.AddTo(facts_.opposed_stretches);
  return std::move(facts_);
}

}  // namespace reel::inspect
