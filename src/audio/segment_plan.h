// Where a track of AAC frames is cut, so that its segments go with the video's.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/rational.h"
#include "base/result.h"

namespace reel::audio {

// AAC frames of `samples` samples of sound, the priming included.
int64_t FrameCount(int64_t samples);

// First frame of every segment, and the end of the last: [starts + 1]. Frame 0
// is the priming; frame n is heard from sample (n - 1) * 1024 on. A boundary is
// at the frame nearest to its start, moved only as far as every segment needs
// to have a frame that is heard.
//   starts   seconds, increasing, the first 0
//   samples  of the track, > 0
// Errors: kInvalidArgument when there are more segments than frames, or
// `starts` are not as they should be. Pure.
base::Result<std::vector<int64_t>> PlanSegments(
    std::span<const base::Rational> starts, int64_t samples, int rate_hz);

}  // namespace reel::audio
