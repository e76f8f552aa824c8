#include "workflow/tasks/promise.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "base/rational.h"
#include "ladder/ladder.h"
#include "quality/quality.h"

namespace reel::workflow::tasks {
namespace {

using model::Finding;

Finding At(const char* code, model::Severity severity, model::FrameRange range,
           const model::Timeline& timeline) {
  const base::Rational tick{1, timeline.timescale_hz};
  Finding finding;
  finding.code = code;
  finding.severity = severity;
  finding.start = base::Seconds(timeline.Start(range.first_frame), tick);
  finding.end = base::Seconds(timeline.Start(range.end_frame), tick);
  finding.first_frame = range.first_frame;
  return finding;
}

std::string Why(const model::ChunkResult& result, const model::Rung& rung,
                const model::QualityRecipe& quality) {
  if (result.choice.capped) {
    return fmt::format("the rung's peak rate of {} kbit/s is reached",
                       rung.maxrate_bps / 1000);
  }
  if (result.attempts >= quality.max_attempts) {
    return fmt::format("{} encodes did not get there", result.attempts);
  }
  return "no lower CRF helps: the source itself is poor, or its size is";
}

std::optional<Finding> BelowTarget(const Rendition& rendition,
                                   const model::ChunkResult& result,
                                   model::FrameRange range,
                                   const model::Timeline& timeline,
                                   const model::Recipe& recipe) {
  const model::MeasuredChunk& encode = result.encode;
  const double least =
      rendition.rung.target_vmaf - recipe.ladder.worst_shot_below;
  const double promise =
      std::max(ladder::PromiseOf(result.choice, rendition.rung, recipe), least);
  const bool mean_holds =
      encode.vmaf >= promise - recipe.quality.tolerance && encode.vmaf >= least;
  const bool second_holds =
      encode.worst_second >= promise - recipe.quality.second_tolerance;
  if (!encode.scored || (mean_holds && second_holds)) return std::nullopt;
  Finding finding =
      At("quality-below-target", model::Severity::kWarn, range, timeline);
  finding.message = fmt::format(
      "{}: VMAF {:.1f}, worst second {:.1f}, where {:.1f} was meant: {}.",
      rendition.rung.id, encode.vmaf, encode.worst_second, promise,
      Why(result, rendition.rung, recipe.quality));
  finding.remedy =
      "Raise the size's rate_bps in the recipe, or lower ladder.target_vmaf.";
  finding.evidence = {{"rendition", rendition.rung.id},
                      {"vmaf", encode.vmaf},
                      {"worst_second", encode.worst_second},
                      {"target", promise},
                      {"crf", encode.crf},
                      {"attempts", result.attempts}};
  return finding;
}

// How far the frames at one end of a chunk are below its inside. The first
// frame of a chunk is left out: scored without the frame before, it seems
// still. Nothing for a chunk that has no inside to speak of.
std::optional<double> DipAt(std::span<const double> chunk, bool at_start) {
  if (chunk.size() < 3 * kSeamFrames) return std::nullopt;
  const auto inside =
      chunk.subspan(kSeamFrames + 1, chunk.size() - 2 * kSeamFrames - 1);
  const auto edge =
      at_start ? chunk.subspan(1, kSeamFrames) : chunk.last(kSeamFrames);
  return quality::Mean(inside) - quality::Mean(edge);
}

struct Dip {
  double depth = 0;
  const Rendition* rendition = nullptr;
};

Dip DeepestAt(const std::vector<Rendition>& renditions,
              model::FrameRange before, model::FrameRange after) {
  Dip deepest;
  for (const Rendition& rendition : renditions) {
    if (static_cast<int64_t>(rendition.vmaf.size()) < after.end_frame) continue;
    const auto scores = [&](model::FrameRange range) {
      return std::span(rendition.vmaf)
          .subspan(static_cast<size_t>(range.first_frame),
                   static_cast<size_t>(range.frames()));
    };
    for (const auto& dip :
         {DipAt(scores(before), false), DipAt(scores(after), true)}) {
      if (dip && *dip > deepest.depth) deepest = {*dip, &rendition};
    }
  }
  return deepest;
}

}  // namespace

model::ReportQuality DescribePromise(const std::vector<model::Chunk>& chunks,
                                     const std::vector<Rendition>& renditions,
                                     const model::Timeline& timeline,
                                     const model::Recipe& recipe) {
  model::ReportQuality quality;
  const auto measured = [](const Rendition& rendition) {
    return !rendition.vmaf.empty();
  };
  if (renditions.empty() || !std::ranges::all_of(renditions, measured))
    return quality;
  quality.verdict = "pass";
  if (recipe.mode != "fixed") {
    for (const Rendition& rendition : renditions) {
      for (size_t c = 0; c < chunks.size(); ++c) {
        if (auto finding = BelowTarget(rendition, rendition.chunks[c],
                                       chunks[c].range, timeline, recipe)) {
          quality.findings.push_back(*std::move(finding));
          quality.verdict = "warn";
        }
      }
    }
  }
  for (size_t c = 0; c + 1 < chunks.size(); ++c) {
    const int64_t seam = chunks[c].range.end_frame;
    const Dip dip = DeepestAt(renditions, chunks[c].range, chunks[c + 1].range);
    if (dip.depth <= kMostSeamDip) continue;
    Finding finding =
        At("seam-dip", model::Severity::kInfo, {seam, seam + 1}, timeline);
    finding.message = fmt::format(
        "{}: within {} frames of the seam VMAF is {:.1f} lower than inside the "
        "chunk.",
        dip.rendition->rung.id, kSeamFrames, dip.depth);
    finding.remedy =
        "Look at it: where the picture itself is harder there, nothing is "
        "wrong.";
    finding.evidence = {{"rendition", dip.rendition->rung.id},
                        {"dip", dip.depth}};
    quality.findings.push_back(std::move(finding));
  }
  return quality;
}

}  // namespace reel::workflow::tasks
