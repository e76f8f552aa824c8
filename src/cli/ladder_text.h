// What `reel ladder` tells, to people and to programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/source.h"

namespace reel::cli {

// What an encode of a ladder is expected to take.
struct LadderEstimate {
  double seconds = 0;               // the title's duration
  std::vector<int64_t> bytes;       // [rungs] of pictures
  std::vector<double> cpu_seconds;  // [rungs] encoding and measuring
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LadderEstimate, seconds, bytes, cpu_seconds)

// Bytes are those that were foreseen for each chunk, or, in a fixed ladder, the
// rungs' rates: an upper bound. CPU time is that of x264 per pixel of each
// preset on a core of 2 to 3 GHz, as docs/benchmarks.md has it, and of VMAF
// where the recipe measures.
LadderEstimate EstimateLadder(const model::Ladder& ladder,
                              const model::Timeline& timeline,
                              const model::VideoTrack& source, bool measured);

// A table: a line per rung with size, quality, rate, bytes, CPU and reason.
std::string FormatLadder(const model::Ladder& ladder,
                         const LadderEstimate& estimate);

}  // namespace reel::cli
