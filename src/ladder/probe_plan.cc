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

// What the chunk's segments have of the window.
std::vector<model::FrameRange> SegmentsOf(const model::Chunk& chunk,
                                          model::FrameRange window) {
  std::vector<model::FrameRange> out;
  for (const model::FrameRange& segment : chunk.segments) {
    const model::FrameRange part{
        std::max(segment.first_frame, window.first_frame),
        std::min(segment.end_frame, window.end_frame)};
    if (part.frames() > 0) out.push_back(part);
  }
  return out;
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

int64_t WindowLength(int64_t frames, int64_t frame_bytes,
                     const model::LadderRecipe& recipe) {
  if (recipe.search == "exhaustive")
    return std::clamp<int64_t>(kMostChunkBytes / frame_bytes, 1, frames);
  int64_t length = std::max(kLeastWindow, frames / kWindowShare);
  if (frames <= length + length / 2) length = frames;
  return std::clamp<int64_t>(kMostWindowBytes / frame_bytes, 1, length);
}

ProbePlan PlanProbes(const model::Chunk& chunk, model::FrameRange window,
                     const std::vector<model::Rung>& sizes,
                     const model::LadderRecipe& recipe) {
  const bool exhaustive = recipe.search == "exhaustive";
  ProbePlan plan{.segments = SegmentsOf(chunk, window),
                 .subsample = exhaustive ? 1 : kFastSubsample,
                 .probes = {}};
  if (exhaustive) {
    for (const model::Rung& size : sizes) {
      for (int crf = kFirstCrf; crf <= kLastCrf; crf += kCrfStride)
        plan.probes.push_back({CodingOf(size, crf), false});
    }
    return plan;
  }
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
