// Inspection as tasks: scan the file, decode its pieces, conclude.
#pragma once

#include <cstdint>
#include <vector>

#include "inspect/inspect.h"
#include "model/finding.h"
#include "model/source.h"
#include "workflow/task.h"

namespace reel::workflow::tasks {

// inspect::ScanResult without its packets, as an artifact. The source's path is
// left out: it is no part of what the file is.
struct ScanFacts {
  model::Source source;
  std::vector<int64_t> audio_end;
  std::vector<model::Finding> findings;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ScanFacts, source, audio_end, findings)

// In: source. Out: scan.json (ScanFacts), packets.bin, pieces.json (ranges).
struct ScanParams {
  model::DeliverySpec spec;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ScanParams, spec)
extern const TaskKind<ScanParams> kScan;

// One decode of one piece, for all that look at frames.
// In: source, scan, packets. Out: notes.json, frames.bin, fingerprints.bin,
// pictures.bin, features.bin, complexity.bin, thumbnails.bin.
struct InspectPieceParams {
  inspect::PieceRange range;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InspectPieceParams, range)
extern const TaskKind<InspectPieceParams> kInspectPiece;

// One decode of one sound track. In: source, scan. Out: sound.json
// (inspect::SoundFacts).
struct InspectSoundParams {
  int track = 0;  // of source.audio
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InspectSoundParams, track)
extern const TaskKind<InspectSoundParams> kInspectSound;

// In: scan, packets; of each piece, in order: piece/000000/frames, …; of each
// sound track: sound/000000/facts
// Out: inspection.json (InspectionReport), packets.bin, frames.bin,
// features.bin, complexity.bin (shots::ComplexityTable, one entry per frame);
// unless that rejects also fingerprints.bin, timeline.json.
struct ConcludeParams {
  model::InspectionLimits limits;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ConcludeParams, limits)
extern const TaskKind<ConcludeParams> kConclude;

// Names of the inputs of piece or chunk `index`: "piece/000007/frames". They
// sort in order.
std::string NumberedInput(const char* what, size_t index, const char* name);

// The scan's facts, with the path at which the source now is.
base::Result<ScanFacts> ReadScan(const Inputs& inputs);

}  // namespace reel::workflow::tasks
