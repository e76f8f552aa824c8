// The quality of encoded chunks as a task.
#pragma once

#include <string>
#include <vector>

#include "model/ladder.h"
#include "model/shot.h"
#include "workflow/task.h"

namespace reel::workflow::tasks {

// VMAF of encodes of one chunk, every frame, against the source, at its size.
// That an encode shows the right frames was proved when it was made
// (encode::CheckChunk).
// In: as kEncodeChunk; of each encode encode/NAME/record, init, fragments.
// Out, per encode: NAME/scores.json (model::ChunkScores), NAME/measured.json
// (model::MeasuredChunk). They do not depend on the other encodes.
struct ScoreChunkParams {
  model::FrameRange range;
  std::vector<model::Rung> encodes;  // how they were coded; NAME is its id
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ScoreChunkParams, range, encodes)
extern const TaskKind<ScoreChunkParams> kScoreChunk;
// The outputs of one encode.
std::vector<std::string> ScoreOutputs(const std::string& name);

}  // namespace reel::workflow::tasks
