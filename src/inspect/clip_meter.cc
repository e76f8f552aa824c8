#include "inspect/clip_meter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "inspect/tonality.h"

namespace reel::inspect {
namespace {

// What is quieter is not looked at: nobody cuts off there, and it is cheap.
constexpr float kLeastTop = 0.25F;
constexpr int kFlat = 3;
constexpr int kLeastRuns = 4;
constexpr double kProminence = 1.5;
// Lower than this, a peak is taken for the music's.
constexpr double kLeastPeak = 0.7;
// More than so many samples a bin, or chance makes peaks.
constexpr int kLeastPile = 40;
constexpr size_t kMostSeconds = 86'400;

constexpr float kEqual = 1 - 1e-5F;
constexpr float kCorner = 1 - 2e-3F;

}  // namespace

ClipMeter::ClipMeter(int channels, int rate_hz)
    : rate_hz_(rate_hz), channels_(static_cast<size_t>(channels)) {}

void ClipMeter::See(const Slice& slice) {
  const int fine = FineSamples(slice.rate_hz);
  for (size_t c = 0; c < channels_.size(); ++c) {
    for (size_t k = 0; k < slice.levels[c].size(); ++k) {
      if (slice.levels[c][k].peak < kLeastTop) continue;
      SeeFine(channels_[c], &slice.pcm[c][k * static_cast<size_t>(fine)], fine);
    }
    for (const float sample : slice.pcm[c]) {
      facts_.overs += std::abs(sample) > 1 ? 1 : 0;
    }
  }
  samples_ += slice.samples();
  if (samples_ + slice.samples() / 2 >= rate_hz_) EndSecond();
}

void ClipMeter::SeeFine(Channel& channel, const float* samples, int count) {
  const bool tone =
      IsTone({samples, static_cast<size_t>(count)}, kFinePerSecond * count);
  for (int n = 0; n < count; ++n) {
    const float magnitude = std::abs(samples[n]);
    SeeSample(channel, magnitude);
    if (!tone) {
      const auto bin = static_cast<size_t>(magnitude * (kBins / 2));
      ++channel.histogram[std::min(bin, kBins - 1)];
    }
  }
}

void ClipMeter::SeeSample(Channel& channel, float magnitude) {
  if (magnitude * kEqual > channel.top) {
    channel.top = magnitude;
    channel.runs = channel.in_runs = channel.run = 0;
  }
  if (magnitude >= channel.top * kEqual) {
    if (channel.run++ == 0) channel.before = channel.last;
  } else if (channel.run > 0) {
    const bool corners =
        std::max(channel.before, magnitude) < channel.top * kCorner;
    if (channel.run >= kFlat && corners) {
      ++channel.runs;
      channel.in_runs += channel.run;
    }
    channel.run = 0;
  }
  channel.last = magnitude;
}

ClipMeter::Cut ClipMeter::FlatTops(const Channel& channel) {
  if (channel.runs < kLeastRuns) return {};
  return {channel.in_runs, channel.top};
}

ClipMeter::Cut ClipMeter::PileUp(const Channel& channel) {
  // Three bins each.
  const auto pile = [&](size_t bin) {
    return channel.histogram[bin - 1] + channel.histogram[bin] +
           channel.histogram[bin + 1];
  };
  constexpr auto kFrom = static_cast<size_t>(kLeastPeak * kBins / 2);
  size_t peak = kFrom;
  for (size_t bin = kFrom; bin + 1 < kBins; ++bin) {
    if (pile(bin) > pile(peak)) peak = bin;
  }
  size_t valley = peak;
  for (size_t bin = peak; bin > peak / 2; --bin) {
    if (pile(bin) < pile(valley)) valley = bin;
  }
  const double ground = pile(valley);
  if (pile(peak) < kProminence * ground + 3 * kLeastPile) return {};
  Cut cut{0, static_cast<double>(peak) / (kBins / 2)};
  for (size_t bin = valley; bin < kBins; ++bin) {
    const double more = channel.histogram[bin] - ground / 3;
    cut.samples += static_cast<int32_t>(std::max(0.0, more));
  }
  return cut;
}

void ClipMeter::EndSecond() {
  Cut worst;
  for (Channel& channel : channels_) {
    for (const Cut& cut : {FlatTops(channel), PileUp(channel)}) {
      if (cut.samples > worst.samples) worst = cut;
    }
    channel = {};
  }
  if (worst.samples > most_) {
    most_ = worst.samples;
    facts_.level = worst.level;
  }
  if (facts_.ppm.size() < kMostSeconds) {
    facts_.ppm.push_back(static_cast<int>(int64_t{1'000'000} * worst.samples /
                                          std::max<int64_t>(samples_, 1)));
  }
  samples_ = 0;
}

ClippingFacts ClipMeter::Take() {
  if (samples_ > 0) EndSecond();
  return std::move(facts_);
}

}  // namespace reel::inspect
