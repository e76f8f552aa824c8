// Which encodes a search looks at before anything is encoded for good.
#pragma once

#include <vector>

#include "model/ladder.h"
#include "model/recipe.h"
#include "model/shot.h"

namespace reel::ladder {

// One encode to look at: the rung says how, at its own CRF.
struct PlannedProbe {
  model::Rung rung;
  bool draft = false;  // media::VideoEncoderSettings
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedProbe, rung, draft)

struct ProbePlan {
  std::vector<model::FrameRange> segments;  // each begins with a key frame
  int subsample = 1;                        // every n-th frame of it is scored
  std::vector<PlannedProbe> probes;
};

// How many frames of a chunk are looked at: a part of it for search "fast", all
// for "exhaustive"; no more than memory may be spent on.
//   frames       of the chunk, >= 1
//   frame_bytes  of one decoded picture, >= 1
int64_t WindowLength(int64_t frames, int64_t frame_bytes,
                     const model::LadderRecipe& recipe);

// Search "fast": of a window of the chunk, at every size three draft encodes,
// which tell how quality and rate fall with CRF; and one encode by the real
// analysis, which tells how far off drafts are. "exhaustive": at every size by
// the real analysis at CRF 18, 21 … 45, every frame scored. Pure.
//   window  of the chunk
//   sizes   candidates, largest first
ProbePlan PlanProbes(const model::Chunk& chunk, model::FrameRange window,
                     const std::vector<model::Rung>& sizes,
                     const model::LadderRecipe& recipe);

// How a chunk is coded at one size and CRF, and nothing else: what rung it is
// for, and what for, is no part of it, so that equal wishes are one task.
model::Rung CodingOf(const model::Rung& size, double crf);

}  // namespace reel::ladder
