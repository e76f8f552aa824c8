// Shots, segments and chunks: half-open frame ranges of the title.
#pragma once

#include <cstdint>
#include <vector>

#include "base/json.h"

namespace reel::model {

struct FrameRange {
  int64_t first_frame = 0;
  int64_t end_frame = 0;
  int64_t frames() const { return end_frame - first_frame; }
  friend bool operator==(const FrameRange&, const FrameRange&) = default;
};

// From one cut to the next.
using Shots = std::vector<FrameRange>;

// What a player fetches: it starts with a closed-GOP key frame in every
// rendition.
using Segments = std::vector<FrameRange>;

// What one task encodes: whole segments.
struct Chunk {
  int64_t index = 0;
  FrameRange range;
  std::vector<FrameRange> segments;  // absolute frame numbers, cover `range`
  // Estimated encoding effort, in milliseconds of average picture. Longest
  // first keeps the end of a job short; nothing else depends on it.
  int64_t work = 0;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FrameRange, first_frame, end_frame)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Chunk, index, range, segments, work)

}  // namespace reel::model
