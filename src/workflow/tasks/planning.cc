#include "workflow/tasks/planning.h"

#include <algorithm>

#include "ladder/ladder.h"
#include "shots/shots.h"
#include "workflow/tasks/inspection.h"

namespace reel::workflow::tasks {
namespace {

// Of a decoded picture of 4:2:0; others take up to twice as much.
int64_t FrameBytes(const model::VideoTrack& video) {
  const int64_t sample_bytes = video.bit_depth > 8 ? 2 : 1;
  return std::max<int64_t>(
      1, int64_t{video.width} * video.height * sample_bytes * 3 / 2);
}

base::Status RunPlan(const PlanParams& params, const Inputs& inputs,
                     Outputs& outputs, Context&) {
  REEL_ASSIGN(const ScanFacts scan, inputs.As<ScanFacts>("scan"));
  REEL_ASSIGN(const auto timeline, inputs.As<model::Timeline>("timeline"));
  REEL_ASSIGN(const auto bytes, inputs.Bytes("features"));
  REEL_ASSIGN(const shots::Features features, shots::ParseFeatures(bytes));

  REEL_ASSIGN(const std::vector<model::Rung> rungs,
              ladder::FitRungs(scan.source, params.recipe));
  const model::Shots cut = shots::DetectShots(features);
  const model::Segments segments =
      shots::PlanSegments(cut, timeline, params.recipe.chunks);
  // A search gives every shot a quality of its own.
  const bool by_shots = params.recipe.mode != "fixed";
  REEL_TRY(outputs.PutJson("rungs.json", rungs));
  REEL_ASSIGN(const auto look_bytes, inputs.Bytes("complexity"));
  REEL_ASSIGN(const shots::ComplexityTable looks,
              shots::ParseComplexity(look_bytes));
  std::vector<model::ShotComplexity> complexity;
  for (const model::FrameRange& shot : cut) {
    complexity.push_back(
        shots::DescribeComplexity(looks, shot, scan.source.video.width));
  }
  REEL_TRY(outputs.PutJson("complexity.json", complexity));
  REEL_TRY(outputs.PutJson("shots.json", cut));
  REEL_TRY(outputs.PutJson("segments.json", segments));
  const std::vector<model::Chunk> chunks =
      by_shots ? shots::PlanShotChunks(segments, cut, timeline, features,
                                       params.recipe.chunks)
               : shots::PlanChunks(segments, timeline, features,
                                   params.recipe.chunks);
  std::vector<model::FrameRange> windows;
  for (const model::Chunk& chunk : chunks) {
    windows.push_back(
        shots::TypicalWindow(looks, chunk.range,
                             ladder::WindowLength(chunk.range.frames(),
                                                  FrameBytes(scan.source.video),
                                                  params.recipe.ladder)));
  }
  REEL_TRY(outputs.PutJson("windows.json", windows));
  return outputs.PutJson("chunks.json", chunks);
}

}  // namespace

const TaskKind<PlanParams> kPlan{
    .name = "plan", .service = "plan", .version = 2, .run = RunPlan};

}  // namespace reel::workflow::tasks
