#include "inspect/onset_meter.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "inspect/tonality.h"

namespace reel::inspect {
namespace {

constexpr double kLeastPower = 1e-5;  // -50 dBFS
constexpr double kOnsetRise = 10;
constexpr double kBeepRise = 100;
constexpr double kBeepFall = 0.01;
constexpr int kRestLevels = 12;
constexpr int kSettling = 3;  // levels until a beep has its level
constexpr int kLeastLevels = 4;
constexpr int kMostLevels = 300;
constexpr int kFallLevels = 4;   // for lossy coding blurs the end
constexpr double kSteady = 4;    // 6 dB up or down
constexpr double kBegins = 0.3;  // of its amplitude

std::span<const float> FineOf(const Slice& slice, size_t channel, size_t fine) {
  const auto count = static_cast<size_t>(FineSamples(slice.rate_hz));
  return {&slice.pcm[channel][fine * count], count};
}

size_t LoudestChannel(const Slice& slice, size_t fine) {
  size_t loudest = 0;
  for (size_t c = 1; c < slice.levels.size(); ++c) {
    if (slice.levels[c][fine].power > slice.levels[loudest][fine].power) {
      loudest = c;
    }
  }
  return loudest;
}

}  // namespace

void OnsetMeter::See(const Slice& slice) {
  for (size_t k = 0; k < slice.levels[0].size(); ++k) {
    SeeFine(slice, k);
    last_.resize(slice.pcm.size());
    for (size_t c = 0; c < slice.pcm.size(); ++c) {
      const auto fine = FineOf(slice, c, k);
      last_[c].assign(fine.begin(), fine.end());
    }
    last_time_ = slice.TimeOfFine(k);
  }
}

void OnsetMeter::SeeFine(const Slice& slice, size_t fine) {
  double power = 0;
  for (const auto& channel : slice.levels) power += channel[fine].power;
  const size_t known = std::min(seen_, kBefore);
  const double before =
      std::accumulate(before_.begin(), before_.end(), 0.0) / kBefore;
  const double rise = power / std::max(before, 1e-12);
  if (open_) Follow(slice, fine);
  if (rest_ > 0) --rest_;
  if (power >= kLeastPower && rise >= kOnsetRise && rest_ == 0) {
    rest_ = kRestLevels;
    // At the very beginning nothing is known of what was before.
    if (known == kBefore) {
      onsets_.push_back(
          {slice.TimeOfFine(fine), PowerDb(rise), PowerDb(power)});
      if (onsets_.size() >= 2 * kMaxOnsets) KeepStrongest();
    }
    if (!open_ && !last_.empty()) {
      open_ = true;
      beep_ = {};
      beep_.channel = LoudestChannel(slice, fine);
      beep_.start = last_time_;
      beep_.samples = last_[beep_.channel];
      beep_.quiet = before;
      Follow(slice, fine);
    }
  }
  before_[seen_++ % kBefore] = power;
}

// The beep's next 5 ms.
void OnsetMeter::Follow(const Slice& slice, size_t fine) {
  const auto samples = FineOf(slice, beep_.channel, fine);
  const double power = slice.levels[beep_.channel][fine].power;
  ++beep_.levels;
  if (beep_.levels < kSettling) {
    beep_.samples.insert(beep_.samples.end(), samples.begin(), samples.end());
    return;
  }
  if (beep_.levels == kSettling) {
    beep_.power = power;
  }
  const bool steady =
      power < beep_.power * kSteady && power * kSteady > beep_.power;
  const auto hz = steady ? ToneHz(samples, slice.rate_hz) : std::nullopt;
  if (beep_.levels == kSettling && hz) beep_.hz = *hz;
  const bool same = hz && std::abs(*hz - beep_.hz) < 0.05 * beep_.hz;
  if (same && beep_.falling == 0) {
    open_ = beep_.levels <= kMostLevels;
  } else if (beep_.levels == kSettling) {
    open_ = false;
  } else if (power < kBeepFall * beep_.power) {
    EndBeep(slice.TimeOfFine(fine), slice.rate_hz);
  } else {
    open_ = ++beep_.falling <= kFallLevels;
  }
}

void OnsetMeter::EndBeep(double end, int rate_hz) {
  open_ = false;
  const bool out_of_quiet = beep_.power >= kBeepRise * beep_.quiet;
  if (beep_.levels < kLeastLevels || !out_of_quiet ||
      beeps_.size() >= kMaxSoundEvents) {
    return;
  }
  const double threshold = kBegins * std::sqrt(2 * beep_.power);
  size_t first = 0;
  while (first < beep_.samples.size() &&
         std::abs(beep_.samples[first]) < threshold) {
    ++first;
  }
  const double start = beep_.start + static_cast<double>(first) / rate_hz;
  beeps_.push_back({.start = start,
                    .seconds = end - start,
                    .hz = beep_.hz,
                    .level_db = PowerDb(beep_.power)});
}

void OnsetMeter::KeepStrongest() {
  std::stable_sort(
      onsets_.begin(), onsets_.end(),
      [](const Onset& a, const Onset& b) { return a.rise_db > b.rise_db; });
  onsets_.resize(std::min(onsets_.size(), kMaxOnsets));
}

std::vector<Onset> OnsetMeter::TakeOnsets() {
  KeepStrongest();
  std::sort(onsets_.begin(), onsets_.end(),
            [](const Onset& a, const Onset& b) { return a.time < b.time; });
  return std::move(onsets_);
}

}  // namespace reel::inspect
