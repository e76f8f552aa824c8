#include "ladder/probe_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reel::ladder {
namespace {

// A window is a quarter of the chunk, but no shorter than this; chunks not much
// longer are encoded whole. Its pictures are held in memory.
constexpr int64_t kLeastWindow = 24;
constexpr int64_t kWindowShare = 4;
constexpr int64_t kMostWindowBytes = int64_t{256} << 20;
constexpr int64_t kMostChunkBytes = int64_t{1} << 30;
constexpr int kFastSubsample = 3;
constexpr std::array<double, 3> kDraftCrfs{22, 30, 38};
constexpr double kRealCrf = 30;
constexpr int kFirstCrf = 18, kLastCrf = 45, kCrfStride = 3;

// The middle of the chunk.
model::FrameRange Window(model::FrameRange range, int64_t length) {
  if (range.frames() <= length) return range;
  const int64_t first = range.first_frame + (range.frames() - length) / 2;
  return {first, first + length};
}

int64_t FastWindow(int64_t frames, int64_t frame_bytes) {
  int64_t length = std::max(kLeastWindow, frames / kWindowShare);
  if (frames <= length + length / 2) length = frames;
  return std::clamp<int64_t>(kMostWindowBytes / frame_bytes, 1, length);
}

ProbePlan PlanExhaustive(const model::Chunk& chunk,
                         const std::vector<model::Rung>& sizes,
                         int64_t frame_bytes) {
  const int64_t most = std::max<int64_t>(1, kMostChunkBytes / frame_bytes);
  ProbePlan plan{
      .range = Window(chunk.range, most), .subsample = 1, .probes = {}};
  for (const model::Rung& size : sizes) {
    for (int crf = kFirstCrf; crf <= kLastCrf; crf += kCrfStride)
      plan.probes.push_back({CodingOf(size, crf), false});
  }
  return plan;
}

}  // namespace

model::Rung CodingOf(const model::Rung& size, double crf) {
  return {.id = fmt::format("{}x{}-crf{:.2f}", size.width, size.height, crf),
          .profile = size.profile,
          .preset = size.preset,
          .width = size.width,
          .height = size.height,
          .crf = crf,
          .rate_bps = 0,
          .maxrate_bps = size.maxrate_bps,
          .buffer_bits = size.buffer_bits,
          .target_vmaf = 0,
          .reason = {}};
}

ProbePlan PlanProbes(const model::Chunk& chunk,
                     const std::vector<model::Rung>& sizes, int64_t frame_bytes,
                     const model::LadderRecipe& recipe) {
  if (recipe.search == "exhaustive")
    return PlanExhaustive(chunk, sizes, frame_bytes);
  ProbePlan plan{.range = Window(chunk.range,
                                 FastWindow(chunk.range.frames(), frame_bytes)),
                 .subsample = kFastSubsample,
                 .probes = {}};
  for (const model::Rung& size : sizes) {
    for (const double crf : kDraftCrfs)
      plan.probes.push_back({CodingOf(size, crf), true});
  }
  // Of the middle size: it is cheap, and what it tells holds for all.
  if (!sizes.empty())
    plan.probes.push_back({CodingOf(sizes[sizes.size() / 2], kRealCrf), false});
  return plan;
}

}  // namespace reel::ladder
