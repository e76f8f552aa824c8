// The search for a ladder as tasks: look at a chunk, design from all of them.
#pragma once

#include <cstdint>
#include <vector>

#include "ladder/ladder.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/recipe.h"
#include "model/shot.h"
#include "workflow/task.h"

namespace reel::workflow::tasks {

// Encodes part of a chunk in several ways and scores each. A probe that fails
// says so in its result; the task does not.
// In: as kEncodeChunk. Out: probes.json (model::ChunkProbes).
struct ProbeParams {
  int64_t chunk = 0;
  std::vector<model::FrameRange> segments;  // each begins with a key frame
  int subsample = 1;
  std::vector<std::vector<ladder::PlannedProbe>> rounds;
  ladder::ChunkFacts facts;
  ladder::ProbeBounds bounds;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProbeParams, chunk, segments, subsample,
                                   rounds, facts, bounds)
extern const TaskKind<ProbeParams> kProbe;

// In: rungs (the sizes), chunks, timeline; of each chunk, in order:
// chunk/000000/probes, and any number of chunk/000000/measured/NAME.
// Out: ladder.json, points.json (model::TitlePoint list).
struct DesignParams {
  model::Recipe recipe;
  model::Ladder settled;  // rungs that stay
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DesignParams, recipe, settled)
extern const TaskKind<DesignParams> kDesign;

// What a design knows of a chunk beside its probes.
ladder::ChunkFacts FactsOf(const model::Chunk& chunk,
                           const model::Timeline& timeline);

}  // namespace reel::workflow::tasks
