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

int64_t FastWindow(int64_t frames, int64_t frame_bytes) {
  int64_t length = std::max(kLeastWindow, frames / kWindowShare);
  if (frames <= length + length / 2) length = frames;
  return std::clamp<int64_t>(kMostWindowBytes / frame_bytes, 1, length);
}

ProbePlan PlanExhaustive(const model::Chunk& chunk,
                         const std::vector<model::Rung>& sizes,
                         int64_t frame_bytes) {
  const int64_t most = std::max<int64_t>(1, kMostChunkBytes / frame_bytes);
  const model::FrameRange range = Window(chunk.range, most);
  ProbePlan plan{.range = range,
                 .segments = SegmentsOf(chunk, range),
                 .subsample = 1,
                 .probes = {}};
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
  const model::FrameRange range =
      Window(chunk.range, FastWindow(chunk.range.frames(), frame_bytes));
  ProbePlan plan{.range = range,
                 .segments = SegmentsOf(chunk, range),
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
