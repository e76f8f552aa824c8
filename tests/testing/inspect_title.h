// All of inspection in one process, as the pipeline does it in many.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "inspect/inspect.h"

namespace reel::testing {

// The pieces of `ranges`; those that were inspected already are taken over.
inline base::Result<std::vector<inspect::PieceResult>> InspectPieces(
    const inspect::ScanResult& scan,
    const std::vector<inspect::PieceRange>& ranges,
    std::vector<inspect::PieceResult> done) {
  std::vector<inspect::PieceResult> pieces;
  for (const inspect::PieceRange& range : ranges) {
    const auto known = std::find_if(
        done.begin(), done.end(),
        [&](const auto& piece) { return piece.notes.range == range; });
    if (known != done.end()) {
      pieces.push_back(std::move(*known));
      continue;
    }
    REEL_ASSIGN(auto piece, inspect::InspectPiece(scan.source.path, scan.source,
                                                  scan.packets, range, {}));
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

// Cut into pieces of at least `packets_per_piece` packets.
// Errors: those of inspection; a source that is rejected is none.
inline base::Result<inspect::Inspection> InspectTitle(
    const std::string& path, int64_t packets_per_piece) {
  REEL_ASSIGN(const inspect::ScanResult scan, inspect::Scan(path, {}, {}));
  inspect::Inspection early;
  early.report = model::MakeInspectionReport(scan.findings);
  if (early.report.verdict == model::Verdict::kReject) return early;
  auto ranges = inspect::PlanPieces(scan.packets, packets_per_piece);
  std::vector<inspect::PieceResult> pieces;
  for (;;) {
    REEL_ASSIGN(pieces, InspectPieces(scan, ranges, std::move(pieces)));
    std::vector<inspect::PieceNotes> notes;
    for (const auto& piece : pieces) notes.push_back(piece.notes);
    auto joined = inspect::JoinFalseSeams(notes);
    if (joined == ranges) break;
    ranges = std::move(joined);
  }
  std::vector<inspect::SoundFacts> sounds;
  for (const model::AudioTrack& track : scan.source.audio) {
    REEL_ASSIGN(auto facts, inspect::MeasureSound(path, track, {}));
    sounds.push_back(std::move(facts));
  }
  return inspect::Conclude({}, scan, pieces, sounds);
}

}  // namespace reel::testing
