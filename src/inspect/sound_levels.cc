#include "inspect/sound_levels.h"

#include <algorithm>
#include <cmath>

#include "inspect/sound_facts.h"

namespace reel::inspect {
namespace {

// Four sums side by side: the compiler may not reorder floats, a CPU waits.
FineLevel Measure(const float* samples, int count) {
  constexpr int kLanes = 8;
  float power[kLanes] = {};
  float peak[kLanes] = {};
  int n = 0;
  for (; n + kLanes <= count; n += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const float x = samples[n + lane];
      power[lane] += x * x;
      peak[lane] = std::max(peak[lane], std::abs(x));
    }
  }
  for (; n < count; ++n) {
    power[0] += samples[n] * samples[n];
    peak[0] = std::max(peak[0], std::abs(samples[n]));
  }
  FineLevel level;
  for (int lane = 0; lane < kLanes; ++lane) {
    level.power += power[lane];
    level.peak = std::max(level.peak, peak[lane]);
  }
  level.power /= static_cast<float>(count);
  return level;
}

}  // namespace

int FineSamples(int rate_hz) { return std::max(1, rate_hz / kFinePerSecond); }

Slice MakeSlice(double time, int rate_hz, const media::Pcm& pcm) {
  Slice slice{time, rate_hz, pcm, {}};
  const int fine = FineSamples(rate_hz);
  for (const auto& channel : pcm) {
    slice.levels.emplace_back();
    for (size_t n = 0; n + static_cast<size_t>(fine) <= channel.size();
         n += static_cast<size_t>(fine)) {
      slice.levels.back().push_back(Measure(&channel[n], fine));
    }
  }
  return slice;
}

double PowerDb(double power) {
  return power <= 1e-12 ? kSilenceDb : 10 * std::log10(power);
}

}  // namespace reel::inspect
