// Finds every defect of a source that would spoil its encodes. In four steps,
// each a task of its own:
//
//   Scan          reads the file once, decodes nothing; may already reject
//   InspectPiece  × n, in parallel: one decode of one piece between key packets
//   MeasureSound  × tracks, beside them: one decode of each sound track
//   Conclude      merges the pieces: frames, fingerprints, findings, verdict
//
// Neighbouring pieces share one frame: the last frame of a piece is the first
// of the next, so that what looks at two frames looks across the seam too, and
// so that both sides prove that they decode the same pixels there. Adding a
// check: see README.md. The codes: docs/inspection.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "inspect/measure_sound.h"
#include "inspect/picture_stats.h"
#include "inspect/sound_facts.h"
#include "media/observer.h"
#include "model/delivery_spec.h"
#include "model/finding.h"
#include "model/fingerprint.h"
#include "model/frames.h"
#include "model/inspection_limits.h"
#include "model/packets.h"
#include "model/source.h"

namespace reel::inspect {

struct ScanResult {
  model::Source source;  // sha256 stays empty
  model::PacketIndex packets;
  std::vector<int64_t> audio_end;  // media::PacketScan
  std::vector<model::Finding> findings;
};

// What the file's header and packets say. Bad media is no error but a finding
// (empty, not media, no video…), and `source` and `packets` hold what could be
// read; go on only if MakeInspectionReport(findings) does not reject.
//   spec      what the source must be; name "" for none
//   progress  gets the fraction read so far, 0..1; may be empty
// Errors: kNotFound, kInvalidArgument (unreadable, a directory), kIo,
// kResourceExhausted.
base::Result<ScanResult> Scan(const std::string& path,
                              const model::DeliverySpec& spec,
                              const std::function<void(double)>& progress);

// Frames from that of one key packet up to that of another (media/
// frame_reader.h, OpenPiece).
struct PieceRange {
  int64_t first_key = 0;
  std::optional<int64_t> end_key{};  // nullopt: to the end of the title
  // Key packets inside that were found to be no random access points.
  std::vector<int64_t> false_keys{};

  friend bool operator==(const PieceRange&, const PieceRange&) = default;
};

// Consecutive pieces of at least `packets_per_piece` packets (the last may be
// shorter), from the first key packet to the end. Empty if there is no key
// packet. `packets_per_piece` >= 1. Pure.
std::vector<PieceRange> PlanPieces(const model::PacketIndex& packets,
                                   int64_t packets_per_piece);

// A packet that the decoder refused or complained of.
struct RefusedPacket {
  int64_t packet = 0;
  std::string reason;
};

// The part of a piece's result that is not per frame; kept as JSON.
struct PieceNotes {
  PieceRange range;
  // SHA-256 of the pixels of the first frame, and of the one shared with the
  // next piece; empty if the decoder gave no such frame.
  std::string first_sha256;
  std::string overlap_sha256;
  std::vector<RefusedPacket> refused;
  base::Json checks;  // check's name → its state
};

struct PieceResult {
  // Presentation order; with an end_key, the last entry is the shared frame.
  model::FrameTable frames;
  model::Fingerprints fingerprints;  // [frames]
  PictureTable pictures;             // [frames]
  PieceNotes notes;
};

// One decode of one piece of `source`. The observers in `more` see the frames
// that the checks see: pictures of any size, for a size may change midway, and
// with an end_key the first frame of the next piece as the last. Damage is no
// error but a finding.
// Errors: as media::FrameReader and the observers'.
base::Result<PieceResult> InspectPiece(
    const std::string& path, const model::Source& source,
    const model::PacketIndex& packets, const PieceRange& range,
    std::span<media::FrameObserver* const> more);

// Joins what was recorded per frame: the shared frame's entry is the earlier
// piece's, who alone knew its predecessor. Pieces in order. Pure.
template <typename T>
void AppendPiece(std::vector<T>& title, std::span<const T> piece) {
  if (!title.empty() && !piece.empty()) piece = piece.subspan(1);
  title.insert(title.end(), piece.begin(), piece.end());
}

// A seam is false when its two pieces decoded the shared frame differently: its
// packet is marked as key but is no random access point. The
// ranges of `pieces`, joined over false seams; those that are new must be
// inspected (and, with their new neighbours, held against this again). Equal to
// the ranges of `pieces` when all seams hold. Pure.
std::vector<PieceRange> JoinFalseSeams(std::span<const PieceNotes> pieces);

// The pieces of a title so far: one copy of all that is per frame.
struct JoinedPieces {
  model::FrameTable frames;
  model::Fingerprints fingerprints;  // [frames]
  PictureTable pictures;             // [frames]
  std::vector<PieceNotes> notes;     // [pieces]
};

// Adds the next piece of the title that `scan` describes.
// Errors: kCorruptInput when it contradicts the scan.
base::Status Join(const ScanResult& scan, PieceResult piece,
                  JoinedPieces& title);

struct Inspection {
  model::InspectionReport report;
  // Frame n of the title is entry n. All times known: see FillTimes in
  // inspect/frame_times.h.
  model::FrameTable frames;
  model::Fingerprints fingerprints;  // [frames]
  // The scan's, for all later reading: if any seam was false, key packets that
  // no seam has proved are not marked as key.
  model::PacketIndex packets;
};

// The verdict on the whole title, by `limits`.
//   title   all pieces, joined in order
//   sounds  of the source's tracks, in their order; those that are not there
//           are not judged
// Errors: kInvalidArgument if pieces are missing or a seam is false;
// kCorruptInput if a check cannot read its state.
base::Result<Inspection> Conclude(const model::InspectionLimits& limits,
                                  const ScanResult& scan, JoinedPieces title,
                                  std::span<const SoundFacts> sounds = {});
// The same of pieces that are not joined yet. Errors: also Join's.
base::Result<Inspection> Conclude(const model::InspectionLimits& limits,
                                  const ScanResult& scan,
                                  std::span<const PieceResult> pieces,
                                  std::span<const SoundFacts> sounds = {});

void to_json(base::Json& json, const PieceRange& range);
void from_json(const base::Json& json, PieceRange& range);
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RefusedPacket, packet, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PieceNotes, range, first_sha256,
                                   overlap_sha256, refused, checks)

}  // namespace reel::inspect
