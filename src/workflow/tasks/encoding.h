// Encoding as tasks: one chunk for some rungs, one audio track.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audio/audio.h"
#include "model/encoded.h"
#include "model/ladder.h"
#include "model/recipe.h"
#include "model/shot.h"
#include "workflow/task.h"

namespace reel::workflow::tasks {

// In: source, scan, packets, frames, fingerprints, timeline.
// Out, per rung: RUNG/record.json (EncodedChunk), RUNG/init.mp4,
// RUNG/fragments.bin. A rung's bytes do not depend on the other rungs.
struct EncodeChunkParams {
  model::Chunk chunk;
  int64_t first_segment = 0;  // number of its first segment in the title
  std::vector<model::Rung> rungs;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EncodeChunkParams, chunk, first_segment,
                                   rungs)
extern const TaskKind<EncodeChunkParams> kEncodeChunk;
// The outputs of one rung.
std::vector<std::string> ChunkOutputs(const std::string& rung);

// In: source, scan, frames, timeline, segments.
// Out: audio.json (AudioTrackFile), init.mp4, fragments.bin, repairs.json.
struct EncodeAudioParams {
  int track = 0;  // of source.audio
  model::AudioRecipe recipe;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EncodeAudioParams, track, recipe)
extern const TaskKind<EncodeAudioParams> kEncodeAudio;

}  // namespace reel::workflow::tasks
