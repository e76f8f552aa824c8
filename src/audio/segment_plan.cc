#include "audio/segment_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/audio_encoder.h"

namespace reel::audio {
namespace {

constexpr int64_t kFrame = media::AudioEncoder::kFrameSamples;
constexpr int64_t kPriming = media::AudioEncoder::kPriming;

bool Increasing(std::span<const base::Rational> starts) {
  if (starts.empty() || !(starts[0] == base::Rational{0, 1})) return false;
  for (size_t i = 1; i < starts.size(); ++i) {
    if (!(starts[i - 1] < starts[i])) return false;
  }
  return true;
}

}  // namespace

int64_t FrameCount(int64_t samples) {
  return (samples + kPriming + kFrame - 1) / kFrame;
}

base::Result<std::vector<int64_t>> PlanSegments(
    std::span<const base::Rational> starts, int64_t samples, int rate_hz) {
  const int64_t frames = FrameCount(samples);
  const auto segments = static_cast<int64_t>(starts.size());
  if (!Increasing(starts) || samples < 1 || segments >= frames) {
    return base::Fail(
        base::Code::kInvalidArgument,
        fmt::format("{} segments cannot be made of {} samples of sound",
                    segments, samples));
  }
  std::vector<int64_t> first_frames{0};
  for (int64_t i = 1; i < segments; ++i) {
    const int64_t sample =
        base::Rescale(1, starts[static_cast<size_t>(i)], {1, rate_hz});
    const int64_t nearest = (sample + kPriming + kFrame / 2) / kFrame;
    // Frame 0 alone is not heard: the first segment needs two.
    const int64_t least = first_frames.back() + (i == 1 ? 2 : 1);
    first_frames.push_back(std::clamp(nearest, least, frames - (segments - i)));
  }
  first_frames.push_back(frames);
  return first_frames;
}

}  // namespace reel::audio
