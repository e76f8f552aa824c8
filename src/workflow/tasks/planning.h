// Planning as a task: where to cut, what to encode.
#pragma once

#include <vector>

#include "model/ladder.h"
#include "model/recipe.h"
#include "model/shot.h"
#include "workflow/task.h"

namespace reel::workflow::tasks {

// In: scan, features, complexity, timeline. Out: shots.json, complexity.json
// (model::ShotComplexity of each), segments.json (FrameRange
// lists), chunks.json (Chunk list), rungs.json (Rung list: the recipe's, fitted
// to the source), windows.json (FrameRange of each chunk: what probes of it
// look at): separate, so that a change of one leaves the others' digests, and
// what was made from them, as they are.
struct PlanParams {
  model::Recipe recipe;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlanParams, recipe)
extern const TaskKind<PlanParams> kPlan;

}  // namespace reel::workflow::tasks
