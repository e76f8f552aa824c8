// VMAF of encodes of one part of a source against that part: what the search
// for a ladder and the quality gate measure by.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "media/frame_reader.h"

namespace reel::quality {

struct EncodeScores {
  std::vector<int64_t> frames;  // [n] that were scored, counted from the first
  std::vector<std::vector<double>> vmaf;  // [encodes][n]
};

struct EncodeScoring {
  int64_t subsample = 1;  // every n-th frame, beginning with the first
  std::stop_token stop = {};
};

// Scores encodes of the same frames in one pass, by model v0.6.1, in one
// thread. The comparison is made at the source's size and depth; encodes are
// scaled to it bicubically.
//   source   the frames that were encoded
//   encodes  [n >= 1] files in memory, with as many frames each
// Errors: kUnsupported for pictures smaller than 32 samples on a side, which
// VMAF is not made for; kOutputWrong for an encode of another length; those of
// reading.
base::Result<EncodeScores> ScoreEncodes(media::FrameReader source,
                                        std::span<const media::MemoryFile> encodes,
                                        const EncodeScoring& options);

}  // namespace reel::quality
