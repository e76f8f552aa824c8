// Encoding one chunk: decoded once, encoded for every rung it was given, each
// result decoded again and held against the source before it counts as done.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/picture.h"
#include "model/encoded.h"
#include "model/fingerprint.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/packets.h"
#include "model/shot.h"
#include "model/source.h"

namespace reel::encode {

// What one chunk is made from. `packets`, `frames`, `fingerprints` and
// `timeline` are those of the whole title.
struct ChunkRequest {
  std::string source_path;
  const model::Source& source;
  const model::PacketIndex& packets;
  const model::FrameTable& frames;
  const model::Fingerprints& fingerprints;
  const model::Timeline& timeline;
  model::Chunk chunk;
  int64_t first_segment =
      0;  // number of the chunk's first segment in the title
  std::vector<model::Rung> rungs;
};

// One rung of it.
struct EncodedRung {
  model::EncodedChunk record;
  std::vector<uint8_t> init;       // ftyp + moov
  std::vector<uint8_t> fragments;  // moof + mdat of each segment in turn
};

// An encode that is made to be looked at, and thrown away.
struct ProbedRung {
  std::vector<uint8_t> file;  // init and fragments
  int64_t bits = 0;           // of the fragments
  int64_t key_bits = 0;       // of the key frames, with their share of boxes
};

// What probes are made from.
struct ProbeRequest {
  std::span<const media::Picture> pictures;  // n >= 1, in a row
  // Which frames of the title they are: ranges in a row, each to begin with a
  // key frame.
  std::vector<model::FrameRange> segments;
  const model::Timeline& timeline;
  const model::Color& color;
  std::vector<model::Rung> rungs;
  std::vector<bool> draft;  // [rungs] see media::VideoEncoderSettings
};

// Encodes the pictures for each rung, one after another, without the checks and
// repairs of what is kept. They are scaled once for rungs of one size in a row.
// Memory: the pictures as a rung has them, and one encoder's frames.
// Errors: those of scaling and encoding; kOutputWrong when frames are missing.
base::Result<std::vector<ProbedRung>> EncodeProbes(const ProbeRequest& request);

// Which rungs are to be encoded side by side, from one decode, as indices into
// `rungs`, in order. All encoders of a group live at once and each holds dozens
// of frames, so a group has no more pixels than the largest rung alone, or than
// a ladder up to 720p: a worker's memory is that of its largest rung. The price
// is one more decode of sources above 720p.
std::vector<std::vector<size_t>> GroupRungs(std::span<const model::Rung> rungs);

// Encodes all rungs, in the order given. A rung whose bits would break the rate
// bound of the joined stream (model/leaky_bucket.h) is encoded again with a
// tighter one, at most twice. `progress` gets the fraction done, 0..1, and
// stops the work with kCancelled when it returns false; it may be empty.
// Memory: the coded bytes of the chunk and the encoders' own frames.
// Errors: kOutputWrong when a result is not what it should be, or a frame is
// not what inspection saw: rendition, frame and fault are named; else those of
// reading, scaling and encoding.
base::Result<std::vector<EncodedRung>> EncodeChunk(
    const ChunkRequest& request, const std::function<bool(double)>& progress);

}  // namespace reel::encode
