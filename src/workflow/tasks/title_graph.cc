#include "workflow/tasks/title_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inspect/inspect.h"
#include "workflow/tasks/assembly.h"
#include "workflow/tasks/encoding.h"
#include "workflow/tasks/inspection.h"
#include "workflow/tasks/packaging.h"
#include "workflow/tasks/planning.h"

namespace reel::workflow::tasks {
namespace {

using platform::Artifacts;

// Frames of one validation task: about as long as a decode is worth starting.
constexpr int64_t kFramesPerValidation = 400;

// Whole segments, collated to about kFramesPerValidation.
std::vector<model::FrameRange> ValidationRanges(
    const model::Segments& segments) {
  std::vector<model::FrameRange> ranges;
  for (const model::FrameRange& segment : segments) {
    if (ranges.empty() || ranges.back().frames() >= kFramesPerValidation) {
      ranges.push_back(segment);
    } else {
      ranges.back().end_frame = segment.end_frame;
    }
  }
  return ranges;
}

base::Error ValidationError(const model::ValidationReport& report) {
  for (const model::ValidationCheck& check : report.checks) {
    if (check.verdict != "pass") {
      return {base::Code::kOutputWrong,
              fmt::format("validation failed: {}: {}", check.id, check.detail)};
    }
  }
  return {base::Code::kOutputWrong, "validation failed"};
}

}  // namespace

base::Error RejectionError(const model::InspectionReport& report) {
  const auto first =
      std::find_if(report.findings.begin(), report.findings.end(),
                   [](const model::Finding& finding) {
                     return finding.severity == model::Severity::kReject;
                   });
  if (first == report.findings.end()) return {base::Code::kRejected, ""};
  return {base::Code::kRejected,
          fmt::format("source rejected: {}: {} {}", first->code, first->message,
                      first->remedy)};
}

struct TitleGraph::Pieces {
  const Artifacts* scan = nullptr;
  std::vector<const Artifacts*> pieces;
  std::vector<const Artifacts*> sounds;
};

struct TitleGraph::Inspected {
  const Artifacts* scan = nullptr;
  std::vector<const Artifacts*> pieces;
  const Artifacts* conclusion = nullptr;

  // Inputs that the tasks which read frames share.
  std::map<std::string, Input> ReadingInputs(const Input& source) const {
    return {{"source", source},
            {"scan", scan->at("scan.json")},
            {"packets", conclusion->at("packets.bin")},
            {"frames", conclusion->at("frames.bin")},
            {"fingerprints", conclusion->at("fingerprints.bin")},
            {"timeline", conclusion->at("timeline.json")}};
  }
};

struct TitleGraph::Planned {
  const Artifacts* plan = nullptr;
  const std::vector<model::Rung>* rungs = nullptr;
  const model::Segments* segments = nullptr;
  const std::vector<model::Chunk>* chunks = nullptr;
  const std::vector<model::FrameRange>* windows = nullptr;
};

TitleGraph::TitleGraph(Input source, model::Recipe recipe, Goal goal,
                       model::DeliverySpec spec)
    : source_(std::move(source)),
      recipe_(std::move(recipe)),
      goal_(goal),
      spec_(std::move(spec)) {}

base::Status TitleGraph::Expand(Plan& plan) {
  results_ = {};
  REEL_ASSIGN(const auto inspected, WantInspection(plan));
  if (!inspected || goal_ == Goal::kInspect) return {};
  REEL_ASSIGN(const auto planned, WantPlan(plan, *inspected));
  if (!planned) return {};
  if (goal_ == Goal::kLadder) return WantLadder(plan, *inspected, *planned);
  if (goal_ == Goal::kRenditions)
    return WantVideo(plan, *inspected, *planned).map([](bool) {});
  REEL_ASSIGN(const auto audio, WantAudio(plan, *inspected, *planned));
  REEL_ASSIGN(const bool encoded, WantVideo(plan, *inspected, *planned));
  if (!encoded) return {};
  const Artifacts* package =
      audio ? WantPackage(plan, *inspected, *audio) : nullptr;
  REEL_ASSIGN(const bool valid, WantValidation(plan, *inspected, *planned));
  if (!package || !valid) return {};

  for (const auto& [path, object] : *package) results_.files[path] = object;
  for (const Rendition& rendition : results_.video) {
    results_.files["video/" + rendition.rung.id + ".mp4"] =
        rendition.joined->at("track.mp4");
  }
  for (size_t i = 0; i < audio->size(); ++i) {
    results_.files["audio/" + results_.audio[i].rendition + ".mp4"] =
        (*audio)[i]->at("track.mp4");
  }
  return {};
}

// The pieces are those of the scan, unless their seams prove false.
TitleGraph::Step<TitleGraph::Pieces> TitleGraph::WantPieces(Plan& plan) {
  Pieces out;
  out.scan = plan.Want(MakeSpec(kScan, {spec_}, {{"source", source_}}));
  if (!out.scan) return std::nullopt;
  REEL_ASSIGN(const auto* facts,
              plan.Read<ScanFacts>(out.scan->at("scan.json")));
  results_.source = facts->source;
  results_.measured.scan = out.scan->at("scan.json");
  results_.measured.packets = out.scan->at("packets.bin");
  const auto early = model::MakeInspectionReport(facts->findings);
  if (early.verdict == model::Verdict::kReject) {
    results_.inspection = early;
    return tl::unexpected(RejectionError(early));
  }
  REEL_ASSIGN(const auto* planned, plan.Read<std::vector<inspect::PieceRange>>(
                                       out.scan->at("pieces.json")));
  // Long tasks first: sound is decoded beside all the pieces.
  REEL_ASSIGN(auto sounds, WantSounds(plan, *out.scan));
  std::vector<inspect::PieceRange> ranges = *planned;
  for (;;) {
    std::vector<inspect::PieceNotes> notes;
    out.pieces.clear();
    for (const inspect::PieceRange& range : ranges) {
      TaskSpec spec = MakeSpec(kInspectPiece, {range},
                               {{"source", source_},
                                {"scan", out.scan->at("scan.json")},
                                {"packets", out.scan->at("packets.bin")}});
      spec.label = fmt::format("piece at packet {}", range.first_key);
      const Artifacts* piece = plan.Want(spec);
      if (!piece) continue;
      REEL_ASSIGN(const auto* note,
                  plan.Read<inspect::PieceNotes>(piece->at("notes.json")));
      notes.push_back(*note);
      out.pieces.push_back(piece);
    }
    if (out.pieces.size() < ranges.size()) return std::nullopt;
    auto joined = inspect::JoinFalseSeams(notes);
    if (joined == ranges && !sounds) return std::nullopt;
    if (joined == ranges) {
      out.sounds = *std::move(sounds);
      return out;
    }
    ranges = std::move(joined);
  }
}

TitleGraph::Step<std::vector<const Artifacts*>> TitleGraph::WantSounds(
    Plan& plan, const Artifacts& scan) {
  std::vector<const Artifacts*> sounds;
  const size_t tracks = results_.source->audio.size();
  for (size_t i = 0; i < tracks; ++i) {
    TaskSpec spec =
        MakeSpec(kInspectSound, {static_cast<int>(i)},
                 {{"source", source_}, {"scan", scan.at("scan.json")}});
    spec.label = fmt::format("sound track {}", results_.source->audio[i].index);
    const Artifacts* sound = plan.Want(spec);
    if (sound) sounds.push_back(sound);
  }
  if (sounds.size() < tracks) return std::nullopt;
  return sounds;
}

TitleGraph::Step<TitleGraph::Inspected> TitleGraph::WantInspection(Plan& plan) {
  REEL_ASSIGN(auto pieces, WantPieces(plan));
  if (!pieces) return std::nullopt;
  NoteMeasured(*pieces);
  Inspected out{.scan = pieces->scan, .pieces = std::move(pieces->pieces)};
  std::map<std::string, Input> inputs = {
      {"scan", out.scan->at("scan.json")},
      {"packets", out.scan->at("packets.bin")}};
  for (size_t i = 0; i < out.pieces.size(); ++i) {
    const auto add = [&](const char* name, const char* artifact) {
      inputs[NumberedInput("piece", i, name)] = out.pieces[i]->at(artifact);
    };
    add("frames", "frames.bin");
    add("fingerprints", "fingerprints.bin");
    add("pictures", "pictures.bin");
    add("features", "features.bin");
    add("complexity", "complexity.bin");
    add("notes", "notes.json");
  }
  for (size_t i = 0; i < pieces->sounds.size(); ++i) {
    inputs[NumberedInput("sound", i, "facts")] =
        pieces->sounds[i]->at("sound.json");
  }
  out.conclusion =
      plan.Want(MakeSpec(kConclude, {recipe_.inspection}, std::move(inputs)));
  if (!out.conclusion) return std::nullopt;
  results_.measured.packets = out.conclusion->at("packets.bin");
  results_.measured.frames = out.conclusion->at("frames.bin");
  results_.measured.features = out.conclusion->at("features.bin");
  results_.measured.complexity = out.conclusion->at("complexity.bin");
  REEL_ASSIGN(const auto* report, plan.Read<model::InspectionReport>(
                                      out.conclusion->at("inspection.json")));
  results_.inspection = *report;
  if (report->verdict == model::Verdict::kReject) {
    return tl::unexpected(RejectionError(*report));
  }
  REEL_ASSIGN(const auto* timeline,
              plan.Read<model::Timeline>(out.conclusion->at("timeline.json")));
  results_.timeline = *timeline;
  return out;
}

void TitleGraph::NoteMeasured(const Pieces& pieces) {
  InspectionObjects& measured = results_.measured;
  for (const Artifacts* piece : pieces.pieces)
    measured.thumbnails.push_back(piece->at("thumbnails.bin"));
  for (const Artifacts* sound : pieces.sounds)
    measured.sounds.push_back(sound->at("sound.json"));
}

TitleGraph::Step<TitleGraph::Planned> TitleGraph::WantPlan(
    Plan& plan, const Inspected& inspected) {
  Planned out;
  out.plan = plan.Want(
      MakeSpec(kPlan, {recipe_},
               {{"scan", inspected.scan->at("scan.json")},
                {"features", inspected.conclusion->at("features.bin")},
                {"complexity", inspected.conclusion->at("complexity.bin")},
                {"timeline", inspected.conclusion->at("timeline.json")}}));
  if (!out.plan) return std::nullopt;
  REEL_ASSIGN(const auto* shots,
              plan.Read<model::Shots>(out.plan->at("shots.json")));
  REEL_ASSIGN(out.rungs,
              plan.Read<std::vector<model::Rung>>(out.plan->at("rungs.json")));
  REEL_ASSIGN(out.segments,
              plan.Read<model::Segments>(out.plan->at("segments.json")));
  REEL_ASSIGN(out.chunks, plan.Read<std::vector<model::Chunk>>(
                              out.plan->at("chunks.json")));
  REEL_ASSIGN(out.windows, plan.Read<std::vector<model::FrameRange>>(
                               out.plan->at("windows.json")));
  results_.shots = *shots;
  results_.chunks = *out.chunks;
  REEL_ASSIGN(const auto* complexity,
              plan.Read<std::vector<model::ShotComplexity>>(
                  out.plan->at("complexity.json")));
  results_.complexity = *complexity;
  return out;
}

VideoPlan TitleGraph::PlanVideo(const Inspected& inspected,
                                const Planned& planned) const {
  return {.reading = inspected.ReadingInputs(source_),
          .rungs = planned.plan->at("rungs.json"),
          .chunks = planned.plan->at("chunks.json"),
          .timeline = inspected.conclusion->at("timeline.json"),
          .sizes = planned.rungs,
          .chunk_list = planned.chunks,
          .windows = planned.windows,
          .times = &*results_.timeline};
}

void TitleGraph::Note(const VideoResults& video) {
  results_.points = video.points;
  results_.work = video.work;
  results_.ladder = video.ladder;
  results_.video = video.renditions;
}

base::Status TitleGraph::WantLadder(Plan& plan, const Inspected& inspected,
                                    const Planned& planned) {
  const VideoPlan video = PlanVideo(inspected, planned);
  VideoGraph graph(recipe_, video, plan);
  REEL_TRY(graph.WantLadder());
  Note(graph.results());
  return {};
}

base::Result<bool> TitleGraph::WantVideo(Plan& plan, const Inspected& inspected,
                                         const Planned& planned) {
  const VideoPlan video = PlanVideo(inspected, planned);
  VideoGraph graph(recipe_, video, plan);
  REEL_TRY(graph.WantRenditions());
  Note(graph.results());
  return !results_.video.empty();
}

TitleGraph::Step<std::vector<const Artifacts*>> TitleGraph::WantAudio(
    Plan& plan, const Inspected& inspected, const Planned& planned) {
  std::vector<const Artifacts*> out;
  if (results_.source->audio.empty()) return out;
  const Artifacts* encoded = plan.Want(
      MakeSpec(kEncodeAudio, {0, recipe_.audio},
               {{"source", source_},
                {"scan", inspected.scan->at("scan.json")},
                {"frames", inspected.conclusion->at("frames.bin")},
                {"timeline", inspected.conclusion->at("timeline.json")},
                {"segments", planned.plan->at("segments.json")}}));
  if (!encoded) return std::nullopt;
  REEL_ASSIGN(const auto* facts,
              plan.Read<model::AudioTrackFile>(encoded->at("audio.json")));
  const Artifacts* joined =
      plan.Want(MakeSpec(kJoinAudio, {facts->rendition},
                         {{"audio", encoded->at("audio.json")},
                          {"init", encoded->at("init.mp4")},
                          {"fragments", encoded->at("fragments.bin")}}));
  if (!joined) return std::nullopt;
  REEL_ASSIGN(const auto* track,
              plan.Read<model::AudioTrackFile>(joined->at("track.json")));
  results_.audio.push_back(*track);
  out.push_back(joined);
  return out;
}

base::Result<bool> TitleGraph::WantValidation(Plan& plan,
                                              const Inspected& inspected,
                                              const Planned& planned) {
  const std::vector<Rendition>& video = results_.video;
  const Input timeline = inspected.conclusion->at("timeline.json");
  std::map<std::string, Input> inputs = {
      {"timeline", timeline}, {"segments", planned.plan->at("segments.json")}};
  bool complete = true;
  for (size_t r = 0; r < video.size(); ++r) {
    const Artifacts& joined = *video[r].joined;
    const auto rung = [&](const std::string& name) {
      return NumberedInput("rung", r, name.c_str());
    };
    inputs[rung("track")] = joined.at("track.mp4");
    inputs[rung("facts")] = joined.at("track.json");
    inputs[rung("receipts")] = joined.at("receipts.json");
    for (const model::FrameRange& range : ValidationRanges(*planned.segments)) {
      TaskSpec spec = MakeSpec(
          kValidatePiece, {range},
          {{"track", joined.at("track.mp4")},
           {"facts", joined.at("track.json")},
           {"receipts", joined.at("receipts.json")},
           {"fingerprints", inspected.conclusion->at("fingerprints.bin")},
           {"timeline", timeline}});
      spec.label =
          fmt::format("{} from frame {}", video[r].rung.id, range.first_frame);
      spec.cost = static_cast<double>(range.frames()) * video[r].rung.width *
                  video[r].rung.height / 3e8;
      const Artifacts* piece = plan.Want(spec);
      complete &= piece != nullptr;
      if (!piece) continue;
      inputs[rung(fmt::format("piece/{:012}", range.first_frame))] =
          piece->at("verdict.json");
    }
  }
  if (!complete) return false;
  // What was chosen, and why, is nothing to validate.
  model::Ladder ladder{.mode = recipe_.mode, .rungs = {}, .choices = {}};
  for (const Rendition& rendition : video)
    ladder.rungs.push_back(rendition.rung);
  const Artifacts* verdict =
      plan.Want(MakeSpec(kValidate, {ladder}, std::move(inputs)));
  if (!verdict) return false;
  REEL_ASSIGN(const auto* report, plan.Read<model::ValidationReport>(
                                      verdict->at("validation.json")));
  results_.validation = *report;
  if (report->verdict != "pass") {
    return tl::unexpected(ValidationError(*report));
  }
  return true;
}

const Artifacts* TitleGraph::WantPackage(
    Plan& plan, const Inspected& inspected,
    const std::vector<const Artifacts*>& audio) {
  const std::vector<Rendition>& video = results_.video;
  std::map<std::string, Input> inputs = {
      {"scan", inspected.scan->at("scan.json")},
      {"packets", inspected.scan->at("packets.bin")},
      {"frames", inspected.conclusion->at("frames.bin")},
      {"timeline", inspected.conclusion->at("timeline.json")}};
  for (size_t i = 0; i < video.size(); ++i) {
    inputs[fmt::format("video/{:06}", i)] = video[i].joined->at("track.json");
  }
  for (size_t i = 0; i < audio.size(); ++i) {
    inputs[fmt::format("audio/{:06}", i)] = audio[i]->at("track.json");
  }
  for (size_t i = 0; i < inspected.pieces.size(); ++i) {
    inputs[fmt::format("thumbnails/{:06}", i)] =
        inspected.pieces[i]->at("thumbnails.bin");
  }
  return plan.Want(MakeSpec(kPackage, {}, std::move(inputs)));
}

}  // namespace reel::workflow::tasks
