#include "workflow/tasks/probing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "base/rational.h"
#include "ladder/ladder.h"
#include "media/frame_reader.h"
#include "model/probe.h"
#include "quality/quality.h"
#include "workflow/tasks/title_inputs.h"

namespace reel::workflow::tasks {
namespace {

// Of one encode.
struct Quality {
  double mean = 0;
  double worst_second = 0;
};

// Over scored frames without the first: it has no frame before it and so no
// motion, which its score depends on.
Quality QualityOf(const std::vector<double>& scores, double scored_per_second) {
  const auto rest = std::span(scores).subspan(scores.size() > 1 ? 1 : 0);
  return {quality::Mean(rest),
          quality::WorstMean(
              rest, static_cast<size_t>(std::lround(scored_per_second)))};
}

// What all probes of a task share.
struct Window {
  const TitleInputs& title;
  const ProbeParams& params;
  std::vector<media::Picture> pictures;
  std::stop_token stop;
};

base::Result<std::vector<media::Picture>> ReadWindow(const TitleInputs& title,
                                                     model::FrameRange range) {
  REEL_ASSIGN(media::FrameReader reader,
              media::FrameReader::OpenFrames(
                  title.scan.source.path, title.scan.source.video,
                  title.packets, title.frames, range));
  std::vector<media::Picture> pictures;
  for (;;) {
    REEL_ASSIGN(auto frame, reader.Next());
    if (!frame) break;
    pictures.push_back(std::move(frame->picture));
  }
  if (static_cast<int64_t>(pictures.size()) != range.frames()) {
    return base::Fail(
        base::Code::kCorruptInput,
        fmt::format("the source ends before frame {}", range.end_frame));
  }
  return pictures;
}

base::Result<std::vector<Quality>> Score(
    const Window& window, std::span<const encode::ProbedRung> probes) {
  std::vector<media::MemoryFile> files;
  for (const encode::ProbedRung& probe : probes)
    files.push_back({.bytes = probe.file});
  const auto source = quality::StreamOf(window.pictures, "the source");
  REEL_ASSIGN(const quality::EncodeScores scores,
              quality::ScoreEncodes(
                  *source, files,
                  {.subsample = window.params.subsample, .stop = window.stop}));
  const double per_second = base::ToDouble(window.title.timeline.FrameRate()) /
                            window.params.subsample;
  std::vector<Quality> out;
  for (const auto& vmaf : scores.vmaf)
    out.push_back(QualityOf(vmaf, per_second));
  return out;
}

// Probes that are scored side by side. Out: in their order, filled in.
base::Status RunTogether(const Window& window,
                         std::span<const ladder::PlannedProbe> planned,
                         std::span<model::Probe> out) {
  encode::ProbeRequest request{.pictures = window.pictures,
                               .segments = window.params.segments,
                               .timeline = window.title.timeline,
                               .color = window.title.scan.source.video.color,
                               .rungs = {},
                               .draft = {}};
  for (const ladder::PlannedProbe& probe : planned) {
    request.rungs.push_back(probe.rung);
    request.draft.push_back(probe.draft);
  }
  REEL_ASSIGN(const std::vector<encode::ProbedRung> encoded,
              encode::EncodeProbes(request));
  REEL_ASSIGN(const std::vector<Quality> quality, Score(window, encoded));
  for (size_t i = 0; i < planned.size(); ++i) {
    out[i].frames = static_cast<int64_t>(window.pictures.size());
    out[i].keys = static_cast<int64_t>(window.params.segments.size());
    out[i].key_bits = encoded[i].key_bits;
    out[i].bits = encoded[i].bits;
    out[i].vmaf = quality[i].mean;
    out[i].worst_second = quality[i].worst_second;
  }
  return {};
}

// Whether the task itself has to end: what is wrong is not the probe.
bool IsFatal(base::Code code) {
  return code == base::Code::kCancelled || code == base::Code::kNotFound ||
         code == base::Code::kResourceExhausted || code == base::Code::kIo;
}

// Groups that fail are tried probe by probe, so that only what is bad is lost.
base::Status RunGroup(const Window& window,
                      std::span<const ladder::PlannedProbe> planned,
                      std::span<model::Probe> out) {
  if (window.stop.stop_requested())
    return base::Fail(base::Code::kCancelled, "stopped");
  base::Status all = RunTogether(window, planned, out);
  if (all) return {};
  if (IsFatal(all.error().code)) return all;
  if (planned.size() == 1) {
    out.front().failure = all.error().message;
    return {};
  }
  for (size_t i = 0; i < planned.size(); ++i)
    REEL_TRY(RunGroup(window, planned.subspan(i, 1), out.subspan(i, 1)));
  return {};
}

// Of one round, what the rounds before leave open; appended to `done`.
base::Status RunRound(const Window& window,
                      std::span<const ladder::PlannedProbe> round,
                      std::vector<model::Probe>& done) {
  std::vector<ladder::PlannedProbe> planned;
  std::vector<model::Rung> rungs;
  for (const ladder::PlannedProbe& probe : round) {
    if (!ladder::IsWanted(probe, done, window.params.facts,
                          window.params.bounds))
      continue;
    planned.push_back(probe);
    rungs.push_back(probe.rung);
  }
  const size_t before = done.size();
  for (const ladder::PlannedProbe& probe : planned) {
    done.push_back({.width = probe.rung.width,
                    .height = probe.rung.height,
                    .crf = probe.rung.crf,
                    .draft = probe.draft,
                    .failure = {}});
  }
  size_t first = 0;
  for (const std::vector<size_t>& group : encode::GroupRungs(rungs)) {
    REEL_TRY(RunGroup(window, std::span(planned).subspan(first, group.size()),
                      std::span(done).subspan(before + first, group.size())));
    first += group.size();
  }
  return {};
}

base::Status RunProbe(const ProbeParams& params, const Inputs& inputs,
                      Outputs& outputs, Context& context) {
  REEL_ASSIGN(const TitleInputs title, ReadTitle(inputs));
  REEL_ASSIGN(std::vector<media::Picture> pictures,
              ReadWindow(title, {params.segments.front().first_frame,
                                 params.segments.back().end_frame}));
  const Window window{title, params, std::move(pictures), context.stop()};
  model::ChunkProbes result{.chunk = params.chunk, .probes = {}};
  for (size_t i = 0; i < params.rounds.size(); ++i) {
    REEL_TRY(RunRound(window, params.rounds[i], result.probes));
    context.Progress(static_cast<double>(i + 1) /
                     static_cast<double>(params.rounds.size()));
  }
  return outputs.PutJson("probes.json", result);
}

base::Status RunDesign(const DesignParams& params, const Inputs& inputs,
                       Outputs& outputs, Context&) {
  ladder::SearchFacts facts;
  REEL_ASSIGN(facts.sizes, inputs.As<std::vector<model::Rung>>("rungs"));
  REEL_ASSIGN(const auto chunks,
              inputs.As<std::vector<model::Chunk>>("chunks"));
  REEL_ASSIGN(const auto timeline, inputs.As<model::Timeline>("timeline"));
  for (size_t i = 0; i < chunks.size(); ++i) {
    facts.chunks.push_back(FactsOf(chunks[i], timeline));
    facts.probes.emplace_back();
    if (const std::string name = NumberedInput("chunk", i, "probes");
        inputs.Has(name)) {
      REEL_ASSIGN(facts.probes.back(), inputs.As<model::ChunkProbes>(name));
    }
    for (const std::string& name :
         inputs.NamesWithPrefix(NumberedInput("chunk", i, "measured/"))) {
      REEL_ASSIGN(const auto measured, inputs.As<model::MeasuredChunk>(name));
      if (measured.scored) facts.measured.push_back(measured);
    }
  }
  facts.sizes = ladder::ProbedSizes(facts.sizes, facts.probes);
  REEL_TRY(outputs.PutJson("points.json",
                           ladder::TitlePoints(facts, params.recipe)));
  return outputs.PutJson(
      "ladder.json",
      ladder::DesignLadder(facts, params.recipe, params.settled));
}

}  // namespace

ladder::ChunkFacts FactsOf(const model::Chunk& chunk,
                           const model::Timeline& timeline) {
  const int64_t ticks = timeline.Start(chunk.range.end_frame) -
                        timeline.Start(chunk.range.first_frame);
  return {.frames = chunk.range.frames(),
          .segments = static_cast<int64_t>(chunk.segments.size()),
          .seconds = base::Seconds(ticks, {1, timeline.timescale_hz})};
}

const TaskKind<ProbeParams> kProbe{.name = "probe",
                                   .service = "ladder",
                                   .version = 4,
                                   .timeout = std::chrono::hours(2),
                                   .run = RunProbe};
const TaskKind<DesignParams> kDesign{
    .name = "design", .service = "ladder", .version = 10, .run = RunDesign};

}  // namespace reel::workflow::tasks
