// Is an encoded chunk what it should be? Decoded again, right after its encode.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/fingerprint.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/shot.h"

namespace reel::encode {

// What the chunk of one rung must be.
struct ExpectedChunk {
  const model::Rung& rung;
  const model::Chunk& chunk;
  const model::Timeline& timeline;
  std::span<const model::Fingerprint> source;  // of the whole title
};

// Decodes init + fragments and holds the result against `expected`: picture
// size, frame count, each frame's time, key frames at the segments' starts and
// nowhere else, no damage, and fingerprints.
// Errors: kOutputWrong, naming rendition, frame of the title and fault.
base::Status CheckChunk(const ExpectedChunk& expected,
                        std::span<const uint8_t> init,
                        std::span<const uint8_t> fragments);

}  // namespace reel::encode
