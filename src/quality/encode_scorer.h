// VMAF of encodes of one part of a source against that part: what the search
// for a ladder and the quality gate measure by.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/frame_reader.h"
#include "media/picture.h"
#include "quality/picture_stream.h"

namespace reel::quality {

struct EncodeScores {
  std::vector<int64_t> frames;  // [n] that were scored, counted from the first
  std::vector<std::vector<double>> vmaf;  // [encodes][n]
  std::vector<std::vector<double>> psnr;  // [encodes][n] of luma, in dB
};

struct EncodeScoring {
  int64_t subsample = 1;  // every n-th frame, beginning with the first
  std::stop_token stop = {};
};

// The frames of a reader, or pictures that are held, as a stream. Counted, not
// timed: that encodes hold the frames they should is proved when they are made.
// `pictures` must outlive the stream; `name` is for messages.
std::unique_ptr<PictureStream> StreamOf(media::FrameReader reader,
                                        std::string name);
std::unique_ptr<PictureStream> StreamOf(
    std::span<const media::Picture> pictures, std::string name);

// Scores encodes of the same frames in one pass, by model v0.6.1, in one
// thread. The comparison is made at the source's size and depth; encodes are
// scaled to it bicubically.
//   source   the frames that were encoded
//   encodes  [n >= 1] files in memory, with as many frames each
// Errors: kUnsupported for pictures smaller than 32 samples on a side, which
// VMAF is not made for; kOutputWrong for an encode of another length;
// kCancelled after a stop; those of reading.
base::Result<EncodeScores> ScoreEncodes(
    PictureStream& source, std::span<const media::MemoryFile> encodes,
    const EncodeScoring& options);

}  // namespace reel::quality
