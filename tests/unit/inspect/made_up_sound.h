// Made-up sound for tests of meters: 48 kHz, known sample by sample.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include "inspect/sound_levels.h"

namespace reel::inspect {

inline constexpr int kRate = 48'000;

inline std::vector<float> Wave(double seconds,
                               const std::function<double(double)>& at) {
  std::vector<float> samples;
  for (int64_t n = 0; n < std::llround(seconds * kRate); ++n) {
    samples.push_back(static_cast<float>(at(static_cast<double>(n) / kRate)));
  }
  return samples;
}

inline std::vector<float> Sine(double seconds, double hz, double amplitude) {
  return Wave(seconds, [=](double t) {
    return amplitude * std::sin(2 * std::numbers::pi * hz * t);
  });
}

// Noise with most of its power below 1 kHz, as speech and music have: one pole.
// Its standard deviation is `level`.
inline std::vector<float> Noise(double seconds, double level,
                                unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  double state = 0;
  return Wave(seconds, [&](double) {
    state = 0.9 * state + normal(random);
    return level * state * std::sqrt(1 - 0.81);
  });
}

inline void Mute(std::vector<float>& samples, double start, double end) {
  for (auto n = static_cast<size_t>(start * kRate);
       n < static_cast<size_t>(end * kRate); ++n) {
    samples[n] = 0;
  }
}

// Deals the sound to a meter in tenths of a second.
template <typename Meter>
void Feed(Meter& meter, const media::Pcm& pcm) {
  const auto step = static_cast<size_t>(SliceSamples(kRate));
  for (size_t n = 0; n < pcm[0].size(); n += step) {
    media::Pcm part;
    for (const auto& channel : pcm) {
      const size_t end = std::min(channel.size(), n + step);
      part.emplace_back(channel.begin() + static_cast<int64_t>(n),
                        channel.begin() + static_cast<int64_t>(end));
    }
    meter.See(MakeSlice(static_cast<double>(n) / kRate, kRate, part));
  }
}

}  // namespace reel::inspect
