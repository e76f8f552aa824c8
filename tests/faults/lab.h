// A small title on the bench: an excerpt of a real clip, encoded chunk by chunk
// as the pipeline does, joined, and open to every fault in between.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assemble/validate.h"
#include "base/result.h"
#include "media/picture.h"
#include "media/video_encoder.h"
#include "model/encoded.h"
#include "model/fingerprint.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/shot.h"
#include "testing/temp_dir.h"

namespace reel::faults {

using Bytes = std::vector<uint8_t>;

// Frames of a clip, in presentation order.
struct Excerpt {
  std::string name;
  std::vector<media::Picture> pictures;
  model::Fingerprints fingerprints;
  model::Timeline timeline;
  model::Color color;
  int64_t frames() const { return std::ssize(pictures); }
};

// Up to `frames` frames from the first key frame at or after `start_seconds`.
base::Result<Excerpt> LoadExcerpt(const std::string& path, double start_seconds,
                                  int64_t frames);

// The lowest rung of the fixed ladder: 240 lines, 400 kb/s, Baseline.
model::Rung LowestRung(const Excerpt& excerpt, const std::string& preset);
// Far below anything that is ever made: H.264 at CRF 45.
model::Rung WorstRung(const Excerpt& excerpt, const std::string& preset);

// `excerpt` as the pictures of one rung, limited range.
base::Result<Excerpt> ScaleTo(const Excerpt& excerpt, const model::Rung& rung);

// A chunk as it left the encoder.
struct CodedChunk {
  model::EncodedChunk receipt;
  Bytes init;
  std::vector<Bytes> fragments;  // by segment
  std::vector<media::CodedPacket> packets;
};

// Encodes chunk `number`, whose segments are given. Frame k of the chunk is fed
// picture order[k] of `scaled`.
base::Result<CodedChunk> EncodeChunk(
    const Excerpt& scaled, const model::Rung& rung, int64_t number,
    const std::vector<model::FrameRange>& segments,
    const std::vector<int64_t>& order);

// One moof + mdat of `packets`, which take the places `starts` in the order of
// their own times; [packets + 1].
base::Result<Bytes> WriteFragment(const Excerpt& scaled,
                                  const model::Rung& rung, int64_t sequence,
                                  std::vector<media::CodedPacket> packets,
                                  const std::vector<int64_t>& starts);

// A whole rendition.
struct Title {
  model::Rung rung;
  std::vector<CodedChunk> chunks;
  model::Segments segments;
};

// All of `scaled` in chunks of `segments_per_chunk` segments of
// `frames_per_segment` frames.
base::Result<Title> EncodeTitle(const Excerpt& scaled, const model::Rung& rung,
                                int64_t frames_per_segment,
                                int64_t segments_per_chunk);

// Joins the title as its receipts say, with the fragments it holds now, and
// validates it whole against `source`.
base::Result<assemble::PieceVerdict> Validate(const Excerpt& source,
                                              const Title& title,
                                              const std::string& directory);

}  // namespace reel::faults
