#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "inspect/checks.h"
#include "inspect/frame_times.h"
#include "inspect/inspect.h"

namespace reel::inspect {
namespace {

base::Status CheckPiece(const PieceResult& piece, int64_t packets) {
  const bool sound = std::all_of(
      piece.frames.begin(), piece.frames.end(),
      [&](const auto& f) { return f.packet >= 0 && f.packet < packets; });
  if (!sound || piece.fingerprints.size() != piece.frames.size()) {
    return base::Fail(base::Code::kCorruptInput,
                      fmt::format("piece at packet {} contradicts the scan",
                                  piece.notes.range.first_key));
  }
  return {};
}

// All of the title, in order, with seams that hold.
base::Status CheckPieces(const ScanResult& scan,
                         std::span<const PieceResult> pieces) {
  const auto broken = [](const std::string& what) {
    return base::Fail(base::Code::kInvalidArgument, "pieces: " + what);
  };
  const auto first = PlanPieces(scan.packets, std::ssize(scan.packets.packets));
  if (pieces.empty() || first.empty()) return broken("there are none");
  std::optional<int64_t> seam = first.front().first_key;
  std::vector<PieceNotes> notes;
  for (const auto& piece : pieces) {
    if (piece.notes.range.first_key != seam) return broken("one is missing");
    REEL_TRY(CheckPiece(piece, std::ssize(scan.packets.packets)));
    seam = piece.notes.range.end_key;
    notes.push_back(piece.notes);
  }
  if (seam) return broken("the last is missing");
  if (JoinFalseSeams(notes).size() != pieces.size()) {
    return broken("a seam is false");
  }
  return {};
}

// Whether a packet's frame is the piece's own. Frames that come before the key
// frame though they follow it in the file (open GOP) are the business of the
// piece before: this one lacks what they refer to, and rightly fails on them.
bool IsOwn(const model::PacketIndex& packets, const PieceRange& range,
           int64_t packet) {
  const auto at = [&](int64_t n) -> const model::Packet& {
    return packets.packets[static_cast<size_t>(n)];
  };
  if (packet < range.first_key || packet >= std::ssize(packets.packets)) {
    return false;
  }
  const int64_t pts = at(packet).pts;
  const bool leads = pts != model::kNoTime && pts < at(range.first_key).pts;
  if (!range.end_key || packet <= *range.end_key) return !leads;
  return pts != model::kNoTime && pts < at(*range.end_key).pts;
}

std::vector<RefusedPacket> Refused(const model::PacketIndex& packets,
                                   std::span<const PieceResult> pieces) {
  std::map<int64_t, std::string> reasons;
  for (const auto& piece : pieces) {
    for (const auto& refused : piece.notes.refused) {
      if (IsOwn(packets, piece.notes.range, refused.packet)) {
        reasons.emplace(refused.packet, refused.reason);
      }
    }
  }
  std::vector<RefusedPacket> all;
  for (const auto& [packet, reason] : reasons) all.push_back({packet, reason});
  return all;
}

// One check's states, in the order of the pieces.
base::Result<std::vector<base::Json>> States(
    std::span<const PieceResult> pieces, const std::string& check) {
  std::vector<base::Json> states;
  for (const auto& piece : pieces) {
    const auto state = piece.notes.checks.find(check);
    if (state == piece.notes.checks.end()) {
      return base::Fail(base::Code::kCorruptInput, "no state of " + check);
    }
    states.push_back(*state);
  }
  return states;
}

base::Status RunChecks(const TitleFacts& facts,
                       std::span<const PieceResult> pieces,
                       Findings& findings) {
  const auto add = [&](Findings found) {
    std::move(found.begin(), found.end(), std::back_inserter(findings));
  };
  for (const TitleCheck check : TitleChecks()) add(check(facts));
  for (const FrameCheck& check : FrameChecks()) {
    REEL_ASSIGN(const auto states, States(pieces, check.name));
    REEL_ASSIGN(Findings found, check.conclude(facts, states));
    add(std::move(found));
  }
  return {};
}

model::Finding NothingDecoded(const ScanResult& scan) {
  return {.code = "no-video",
          .severity = model::Severity::kReject,
          .stream = scan.source.video.index,
          .message = "Not one frame of the picture could be decoded.",
          .remedy =
              "Check that the file plays where it was made, and that it "
              "is not encrypted.",
          .evidence = {{"packets", scan.packets.packets.size()}}};
}

// One false key packet makes all others suspect that no seam has proved.
model::PacketIndex TrustedKeys(model::PacketIndex packets,
                               std::span<const PieceResult> pieces) {
  const bool all_true = std::all_of(
      pieces.begin(), pieces.end(),
      [](const auto& piece) { return piece.notes.range.false_keys.empty(); });
  if (all_true) return packets;
  for (auto& packet : packets.packets) packet.key = false;
  for (const auto& piece : pieces) {
    packets.packets[static_cast<size_t>(piece.notes.range.first_key)].key =
        true;
  }
  return packets;
}

}  // namespace

base::Result<Inspection> Conclude(const ScanResult& scan,
                                  std::span<const PieceResult> pieces) {
  REEL_TRY(CheckPieces(scan, pieces));
  Inspection inspection;
  for (const auto& piece : pieces) {
    AppendPiece<model::SourceFrame>(inspection.frames, piece.frames);
    AppendPiece<model::Fingerprint>(inspection.fingerprints,
                                    piece.fingerprints);
  }
  Findings findings = scan.findings;
  if (inspection.frames.empty()) {
    findings.push_back(NothingDecoded(scan));
  } else {
    FillTimes(inspection.frames, scan.packets, scan.source.video);
    const auto refused = Refused(scan.packets, pieces);
    const TitleFacts facts = MakeTitleFacts(scan, inspection.frames,
                                            inspection.fingerprints, refused);
    REEL_TRY(RunChecks(facts, pieces, findings));
  }
  inspection.packets = TrustedKeys(scan.packets, pieces);
  inspection.report = model::MakeInspectionReport(std::move(findings));
  return inspection;
}

}  // namespace reel::inspect
