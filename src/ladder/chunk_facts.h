// What a search knows of a chunk before anything of it is encoded, and what a
// probe of a part of it tells of the whole.
#pragma once

#include <cstdint>

#include "base/json.h"
#include "ladder/chunk_curve.h"
#include "model/probe.h"

namespace reel::ladder {

struct ChunkFacts {
  int64_t frames = 0;
  int64_t segments = 1;  // each begins with a key frame
  double seconds = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChunkFacts, frames, segments, seconds)

// The whole chunk's point from a probe of some of its frames: key frames and
// others by their number. Pure.
CurvePoint PointOf(const model::Probe& probe, const ChunkFacts& chunk);

}  // namespace reel::ladder
