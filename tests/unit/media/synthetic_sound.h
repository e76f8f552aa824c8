// A tone that is known sample by sample.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "media/audio_reader.h"

namespace reel::media {

inline Pcm Tone(int channels, int64_t samples, double hz, int rate_hz) {
  std::vector<float> channel;
  for (int64_t i = 0; i < samples; ++i) {
    const double seconds = static_cast<double>(i) / rate_hz;
    channel.push_back(static_cast<float>(
        0.5 * std::sin(2 * std::numbers::pi * hz * seconds)));
  }
  return Pcm(static_cast<size_t>(channels), channel);
}

}  // namespace reel::media
