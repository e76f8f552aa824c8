#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "inspect/checks.h"
#include "inspect/frame_times.h"
#include "inspect/inspect.h"
#include "inspect/sound_check.h"

namespace reel::inspect {
namespace {

base::Status CheckPiece(const PieceResult& piece, int64_t packets) {
  const auto known = [packets](const auto& entry) {
    return entry.packet >= 0 && entry.packet < packets;
  };
  const auto& refused = piece.notes.refused;
  if (!std::all_of(piece.frames.begin(), piece.frames.end(), known) ||
      !std::all_of(refused.begin(), refused.end(), known) ||
      piece.fingerprints.size() != piece.frames.size() ||
      piece.pictures.size() != piece.frames.size()) {
    return base::Fail(base::Code::kCorruptInput,
                      fmt::format("piece at packet {} contradicts the scan",
                                  piece.notes.range.first_key));
  }
  return {};
}

// All of the title, in order, with seams that hold.
base::Status CheckPieces(const ScanResult& scan,
                         std::span<const PieceNotes> pieces) {
  const auto broken = [](const std::string& what) {
    return base::Fail(base::Code::kInvalidArgument, "pieces: " + what);
  };
  const auto first = PlanPieces(scan.packets, std::ssize(scan.packets.packets));
  if (pieces.empty() || first.empty()) return broken("there are none");
  std::optional<int64_t> seam = first.front().first_key;
  for (const auto& piece : pieces) {
    if (piece.range.first_key != seam) return broken("one is missing");
    seam = piece.range.end_key;
  }
  if (seam) return broken("the last is missing");
  if (JoinFalseSeams(pieces).size() != pieces.size()) {
    return broken("a seam is false");
  }
  return {};
}

std::vector<RefusedPacket> Refused(std::span<const PieceNotes> pieces) {
  std::map<int64_t, std::string> reasons;
  for (const auto& piece : pieces) {
    for (const auto& [packet, reason] : piece.refused) {
      reasons.emplace(packet, reason);
    }
  }
  std::vector<RefusedPacket> all;
  for (const auto& [packet, reason] : reasons) all.push_back({packet, reason});
  return all;
}

// One check's states, in the order of the pieces.
base::Result<std::vector<base::Json>> States(std::span<const PieceNotes> pieces,
                                             const std::string& check) {
  std::vector<base::Json> states;
  for (const auto& piece : pieces) {
    const auto state = piece.checks.find(check);
    if (state == piece.checks.end()) {
      return base::Fail(base::Code::kCorruptInput, "no state of " + check);
    }
    states.push_back(*state);
  }
  return states;
}

base::Status RunChecks(const TitleFacts& facts,
                       std::span<const PieceNotes> pieces, Findings& findings) {
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

double Seconds(int64_t ms) { return static_cast<double>(ms) / 1000; }

void RunSoundChecks(const TitleFacts& facts, std::span<const SoundFacts> sounds,
                    Findings& findings) {
  SoundLimits limits;
  limits.short_reject_seconds = Seconds(facts.limits.audio_short_reject_ms);
  limits.offset_warn_seconds = Seconds(facts.limits.av_offset_warn_ms);
  limits.offset_reject_seconds = Seconds(facts.limits.av_offset_reject_ms);
  for (const SoundFacts& sound : sounds) {
    const TrackFacts track{facts, sound, limits, &sound == &sounds.front()};
    for (const SoundCheck check : SoundChecks()) {
      for (auto& finding : check(track)) findings.push_back(std::move(finding));
    }
  }
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
                               std::span<const PieceNotes> pieces) {
  const bool all_true = std::all_of(
      pieces.begin(), pieces.end(),
      [](const auto& piece) { return piece.range.false_keys.empty(); });
  if (all_true) return packets;
  for (auto& packet : packets.packets) packet.key = false;
  for (const auto& piece : pieces) {
    packets.packets[static_cast<size_t>(piece.range.first_key)].key = true;
  }
  return packets;
}

}  // namespace

base::Status Join(const ScanResult& scan, PieceResult piece,
                  JoinedPieces& title) {
  const size_t packets = scan.packets.packets.size();
  REEL_TRY(CheckPiece(piece, static_cast<int64_t>(packets)));
  if (title.notes.empty()) {
    title.frames.reserve(packets);
    title.fingerprints.reserve(packets);
    title.pictures.reserve(packets);
  }
  AppendPiece<model::SourceFrame>(title.frames, piece.frames);
  AppendPiece<model::Fingerprint>(title.fingerprints, piece.fingerprints);
  AppendPiece<PictureStats>(title.pictures, piece.pictures);
  title.notes.push_back(std::move(piece.notes));
  return {};
}

base::Result<Inspection> Conclude(const model::InspectionLimits& limits,
                                  const ScanResult& scan,
                                  std::span<const PieceResult> pieces,
                                  std::span<const SoundFacts> sounds) {
  JoinedPieces title;
  for (const PieceResult& piece : pieces) REEL_TRY(Join(scan, piece, title));
  return Conclude(limits, scan, std::move(title), sounds);
}

base::Result<Inspection> Conclude(const model::InspectionLimits& limits,
                                  const ScanResult& scan, JoinedPieces title,
                                  std::span<const SoundFacts> sounds) {
  REEL_TRY(CheckPieces(scan, title.notes));
  Inspection inspection;
  inspection.frames = std::move(title.frames);
  inspection.fingerprints = std::move(title.fingerprints);
  Findings findings = scan.findings;
  if (inspection.frames.empty()) {
    findings.push_back(NothingDecoded(scan));
  } else {
    FillTimes(inspection.frames, scan.packets, scan.source.video);
    const auto refused = Refused(title.notes);
    const TitleFacts facts =
        MakeTitleFacts(limits, scan, inspection.frames, inspection.fingerprints,
                       title.pictures, refused);
    REEL_TRY(RunChecks(facts, title.notes, findings));
    RunSoundChecks(facts, sounds, findings);
  }
  inspection.packets = TrustedKeys(scan.packets, title.notes);
  inspection.report = model::MakeInspectionReport(std::move(findings));
  return inspection;
}

}  // namespace reel::inspect
