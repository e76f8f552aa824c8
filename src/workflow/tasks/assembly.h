// Joining and validation as tasks.
#pragma once

#include <string>

#include "model/ladder.h"
#include "model/shot.h"
#include "workflow/task.h"

namespace reel::workflow::tasks {

// In: of each chunk, in order: chunk/000000/record, init, fragments.
// Out: track.mp4, track.json (VideoTrackFile), receipts.json (EncodedChunk
// list).
struct JoinVideoParams {
  std::string rendition;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(JoinVideoParams, rendition)
extern const TaskKind<JoinVideoParams> kJoinVideo;

// In: audio, init, fragments. Out: track.mp4, track.json (AudioTrackFile).
struct JoinAudioParams {
  std::string rendition;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(JoinAudioParams, rendition)
extern const TaskKind<JoinAudioParams> kJoinAudio;

// Part of one joined track, decoded again.
// In: track (the file), facts, receipts, fingerprints, timeline.
// Out: verdict.json (assemble::PieceVerdict).
struct ValidatePieceParams {
  model::FrameRange range;  // whole segments
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ValidatePieceParams, range)
extern const TaskKind<ValidatePieceParams> kValidatePiece;

// All renditions together. In: segments, timeline; of rung n of the ladder, in
// order: rung/000000/track, facts, receipts; of its pieces:
// rung/000000/piece/000000 …
// Out: validation.json (ValidationReport).
struct ValidateParams {
  model::Ladder ladder;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ValidateParams, ladder)
extern const TaskKind<ValidateParams> kValidate;

}  // namespace reel::workflow::tasks
