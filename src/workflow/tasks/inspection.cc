#include "workflow/tasks/inspection.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "package/package.h"
#include "shots/shots.h"

namespace reel::workflow::tasks {
namespace {

// A piece is about this many packets, but a long film has no more than
// kMostPieces of them. The same for any number of workers, for a task's
// identity must not depend on who runs it.
constexpr int64_t kPacketsPerPiece = 120;
constexpr int64_t kMostPieces = 400;

int64_t PacketsPerPiece(const model::PacketIndex& packets) {
  return std::max(kPacketsPerPiece,
                  static_cast<int64_t>(packets.packets.size()) / kMostPieces);
}

base::Status RunScan(const ScanParams& params, const Inputs& inputs,
                     Outputs& outputs, Context& context) {
  REEL_ASSIGN(const std::string path, inputs.Path("source"));
  REEL_ASSIGN(inspect::ScanResult scan,
              inspect::Scan(path, params.spec,
                            [&](double part) { context.Progress(part); }));
  scan.source.path.clear();
  REEL_ASSIGN(scan.source.sha256, inputs.Digest("source"));
  REEL_TRY(outputs.PutBytes("packets.bin", model::Serialize(scan.packets)));
  REEL_TRY(outputs.PutJson(
      "pieces.json",
      inspect::PlanPieces(scan.packets, PacketsPerPiece(scan.packets))));
  return outputs.PutJson(
      "scan.json", ScanFacts{std::move(scan.source), std::move(scan.audio_end),
                             std::move(scan.findings)});
}

// Counts frames for the display, and ends the decode when it should stop.
class Watcher : public media::FrameObserver {
 public:
  Watcher(Context& context, int64_t frames)
      : context_(&context), frames_(std::max<int64_t>(frames, 1)) {}
  base::Status See(const media::DecodedFrame&) override {
    if (context_->stop().stop_requested()) {
      return base::Fail(base::Code::kCancelled, "stopped");
    }
    ++seen_;
    context_->Progress(std::min(
        1.0, static_cast<double>(seen_) / static_cast<double>(frames_)));
    return {};
  }

 private:
  Context* context_;
  int64_t frames_;
  int64_t seen_ = 0;
};

int64_t PacketsIn(const inspect::PieceRange& range,
                  const model::PacketIndex& packets) {
  return range.end_key.value_or(static_cast<int64_t>(packets.packets.size())) -
         range.first_key;
}

base::Status RunInspectPiece(const InspectPieceParams& params,
                             const Inputs& inputs, Outputs& outputs,
                             Context& context) {
  REEL_ASSIGN(const ScanFacts scan, ReadScan(inputs));
  REEL_ASSIGN(const std::vector<uint8_t> packet_bytes, inputs.Bytes("packets"));
  REEL_ASSIGN(const model::PacketIndex packets,
              model::ParsePacketIndex(packet_bytes));

  Watcher watcher(context, PacketsIn(params.range, packets));
  shots::FeatureObserver features;
  shots::ComplexityObserver complexity(packets, scan.source.video.frame_rate);
  REEL_ASSIGN(package::ThumbnailObserver thumbnails,
              package::ThumbnailObserver::Create(
                  package::PlanThumbnails(packets, scan.source.video)));
  media::FrameObserver* const observers[] = {&watcher, &features, &complexity,
                                             &thumbnails};
  REEL_ASSIGN(const inspect::PieceResult piece,
              inspect::InspectPiece(scan.source.path, scan.source, packets,
                                    params.range, observers));

  REEL_TRY(outputs.PutBytes("frames.bin", model::Serialize(piece.frames)));
  REEL_TRY(outputs.PutBytes("fingerprints.bin",
                            model::Serialize(piece.fingerprints)));
  REEL_TRY(
      outputs.PutBytes("pictures.bin", inspect::Serialize(piece.pictures)));
  REEL_TRY(outputs.PutBytes("features.bin", shots::Serialize(features.Take())));
  REEL_TRY(
      outputs.PutBytes("complexity.bin", shots::Serialize(complexity.Take())));
  REEL_TRY(outputs.PutBytes("thumbnails.bin",
                            package::Serialize(thumbnails.thumbnails())));
  return outputs.PutJson("notes.json", piece.notes);
}

base::Status RunInspectSound(const InspectSoundParams& params,
                             const Inputs& inputs, Outputs& outputs,
                             Context& context) {
  REEL_ASSIGN(const ScanFacts scan, ReadScan(inputs));
  const auto& tracks = scan.source.audio;
  if (params.track < 0 || params.track >= std::ssize(tracks)) {
    return base::Fail(base::Code::kInvalidArgument,
                      fmt::format("there is no sound track {}", params.track));
  }
  const double seconds =
      std::max(1.0, base::ToDouble(scan.source.container_duration));
  REEL_ASSIGN(const inspect::SoundFacts facts,
              inspect::MeasureSound(
                  scan.source.path, tracks[static_cast<size_t>(params.track)],
                  [&](double done) {
                    context.Progress(std::clamp(done / seconds, 0.0, 1.0));
                    return !context.stop().stop_requested();
                  }));
  return outputs.PutJson("sound.json", facts);
}

base::Result<std::vector<inspect::SoundFacts>> ReadSounds(
    const Inputs& inputs) {
  std::vector<inspect::SoundFacts> sounds;
  const auto name = [&] {
    return NumberedInput("sound", sounds.size(), "facts");
  };
  while (inputs.Has(name())) {
    REEL_ASSIGN(auto facts, inputs.As<inspect::SoundFacts>(name()));
    sounds.push_back(std::move(facts));
  }
  return sounds;
}

base::Result<inspect::PieceResult> ReadPiece(const Inputs& inputs,
                                             size_t index) {
  const auto name = [&](const char* what) {
    return NumberedInput("piece", index, what);
  };
  inspect::PieceResult piece;
  REEL_ASSIGN(const auto frames, inputs.Bytes(name("frames")));
  REEL_ASSIGN(piece.frames, model::ParseFrameTable(frames));
  REEL_ASSIGN(const auto fingerprints, inputs.Bytes(name("fingerprints")));
  REEL_ASSIGN(piece.fingerprints, model::ParseFingerprints(fingerprints));
  REEL_ASSIGN(const auto pictures, inputs.Bytes(name("pictures")));
  REEL_ASSIGN(piece.pictures, inspect::ParsePictureTable(pictures));
  REEL_ASSIGN(piece.notes, inputs.As<inspect::PieceNotes>(name("notes")));
  return piece;
}

base::Status PutTitle(const model::Source& source,
                      const inspect::Inspection& inspection, Outputs& outputs) {
  if (inspection.frames.empty()) {
    return base::Fail(base::Code::kCorruptInput, "no frame could be decoded");
  }
  const auto last = static_cast<size_t>(inspection.frames.back().packet);
  REEL_ASSIGN(
      const model::Timeline timeline,
      model::MakeTimeline(inspection.frames, source.video.time_base,
                          source.video.frame_rate,
                          inspection.packets.packets.at(last).duration));
  REEL_TRY(outputs.PutJson("timeline.json", timeline));
  return outputs.PutBytes("fingerprints.bin",
                          model::Serialize(inspection.fingerprints));
}

base::Status RunConclude(const ConcludeParams& params, const Inputs& inputs,
                         Outputs& outputs, Context&) {
  inspect::ScanResult scan;
  REEL_ASSIGN(const ScanFacts facts, inputs.As<ScanFacts>("scan"));
  scan.source = facts.source;
  scan.audio_end = facts.audio_end;
  scan.findings = facts.findings;
  REEL_ASSIGN(const auto packets, inputs.Bytes("packets"));
  REEL_ASSIGN(scan.packets, model::ParsePacketIndex(packets));

  // Piece by piece, for a long film has many frames.
  inspect::JoinedPieces title;
  std::vector<shots::Features> features;
  std::vector<shots::ComplexityTable> complexity;
  while (inputs.Has(NumberedInput("piece", features.size(), "frames"))) {
    const size_t index = features.size();
    REEL_ASSIGN(inspect::PieceResult piece, ReadPiece(inputs, index));
    REEL_TRY(inspect::Join(scan, std::move(piece), title));
    REEL_ASSIGN(const auto bytes,
                inputs.Bytes(NumberedInput("piece", index, "features")));
    REEL_ASSIGN(shots::Features part, shots::ParseFeatures(bytes));
    features.push_back(std::move(part));
    REEL_ASSIGN(const auto looks,
                inputs.Bytes(NumberedInput("piece", index, "complexity")));
    REEL_ASSIGN(shots::ComplexityTable table, shots::ParseComplexity(looks));
    complexity.push_back(std::move(table));
  }
  REEL_ASSIGN(const auto sounds, ReadSounds(inputs));
  REEL_ASSIGN(const inspect::Inspection inspection,
              inspect::Conclude(params.limits, scan, std::move(title), sounds));
  REEL_TRY(outputs.PutJson("inspection.json", inspection.report));
  REEL_TRY(
      outputs.PutBytes("packets.bin", model::Serialize(inspection.packets)));
  REEL_TRY(outputs.PutBytes("frames.bin", model::Serialize(inspection.frames)));
  REEL_TRY(outputs.PutBytes("features.bin",
                            shots::Serialize(shots::MergeFeatures(features))));
  REEL_TRY(outputs.PutBytes(
      "complexity.bin", shots::Serialize(shots::MergeComplexity(complexity))));
  if (inspection.report.verdict == model::Verdict::kReject) return {};
  return PutTitle(scan.source, inspection, outputs);
}

}  // namespace

std::string NumberedInput(const char* what, size_t index, const char* name) {
  return fmt::format("{}/{:06}/{}", what, index, name);
}

base::Result<ScanFacts> ReadScan(const Inputs& inputs) {
  REEL_ASSIGN(ScanFacts scan, inputs.As<ScanFacts>("scan"));
  REEL_ASSIGN(scan.source.path, inputs.Path("source"));
  return scan;
}

const TaskKind<ScanParams> kScan{.name = "scan",
                                 .service = "inspect",
                                 .version = 3,
                                 .timeout = std::chrono::hours(6),
                                 .run = RunScan};

const TaskKind<InspectPieceParams> kInspectPiece{
    .name = "inspect_piece",
    .service = "inspect",
    .version = 6,
    .timeout = std::chrono::hours(2),
    .run = RunInspectPiece};

const TaskKind<InspectSoundParams> kInspectSound{
    .name = "inspect_sound",
    .service = "inspect",
    .version = 1,
    .timeout = std::chrono::hours(6),
    .run = RunInspectSound};

const TaskKind<ConcludeParams> kConclude{
    .name = "conclude", .service = "inspect", .version = 5, .run = RunConclude};

}  // namespace reel::workflow::tasks
