// Two proofs that a joined track shows every frame of the source, in order,
// none twice, at the right times. Receipts: each fragment's bytes and boxes
// against the record made when its chunk was encoded and found right. Content:
// the track decoded again, its fingerprints against the source's.
// One call looks at one piece of one track, so that pieces run in parallel;
// ConcludeValidation puts the verdicts together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/encoded.h"
#include "model/fingerprint.h"
#include "model/frames.h"
#include "model/ladder.h"
#include "model/leaky_bucket.h"
#include "model/report.h"
#include "model/shot.h"

namespace reel::assemble {

// Something wrong at one place of one rendition.
struct Fault {
  std::string check;   // id of the check that fails, "frames-in-order"
  int64_t chunk = -1;  // -1: not in one chunk
  int64_t frame = -1;  // of the title; -1: not about one frame
  std::string what;
};

// Whole segments of one track. All but `range` is of the whole title.
struct PieceRequest {
  std::string path;
  const model::VideoTrackFile& track;
  std::span<const model::EncodedChunk> receipts;  // of the rendition, in order
  model::FrameRange range;
  std::span<const model::Fingerprint> fingerprints;  // of the source
  const model::Timeline& timeline;
};

struct PieceVerdict {
  std::string rendition;
  model::FrameRange range;
  int64_t frames_decoded = 0;
  // Frames too like the one before for a repeat to be told by content: proved
  // by receipts alone.
  int64_t frames_by_receipt_only = 0;
  int64_t faults_found = 0;
  std::vector<Fault> faults;  // the first of them
};

// Memory: the piece's coded bytes and a few pictures.
// Errors: kInvalidArgument for a range that is not whole segments of the
// receipts, and those of reading the file. A wrong track is a verdict.
base::Result<PieceVerdict> ValidatePiece(const PieceRequest& request);

// One rendition as a whole.
struct RenditionEvidence {
  const model::Rung& rung;
  const model::VideoTrackFile& track;
  std::span<const model::EncodedChunk> receipts;
  std::span<const PieceVerdict> pieces;  // in any order
  const model::BucketReport& bucket;
};

// All checks over all renditions; docs/validation.md lists them. Pure.
model::ValidationReport ConcludeValidation(
    std::span<const RenditionEvidence> renditions,
    const model::Segments& segments, const model::Timeline& timeline);

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Fault, check, chunk, frame, what)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PieceVerdict, rendition, range,
                                   frames_decoded, frames_by_receipt_only,
                                   faults_found, faults)

}  // namespace reel::assemble
