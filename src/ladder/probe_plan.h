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
  model::FrameRange range;  // of the chunk: what is encoded
  std::vector<model::FrameRange>
      segments;       // of it: each begins with a key frame
  int subsample = 1;  // every n-th frame of it is scored
  std::vector<PlannedProbe> probes;
};

// Search "fast": a window in the middle of the chunk, at every size three draft
// encodes, which tell how quality and rate fall with CRF; and one encode by the
// real analysis, which tells how far off drafts are. "exhaustive": the whole
// chunk at every size by the real analysis at CRF 18, 21 … 45, every frame
// scored. Pure.
// A window holds no more pictures than memory may be spent on.
//   sizes        candidates, largest first
//   frame_bytes  of one decoded picture, >= 1
ProbePlan PlanProbes(const model::Chunk& chunk,
                     const std::vector<model::Rung>& sizes, int64_t frame_bytes,
                     const model::LadderRecipe& recipe);

// How a chunk is coded at one size and CRF, and nothing else: what rung it is
// for, and what for, is no part of it, so that equal wishes are one task.
model::Rung CodingOf(const model::Rung& size, double crf);

}  // namespace reel::ladder
