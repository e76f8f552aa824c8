#include "ladder/probe_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ladder/rounds.h"
#include "ladder/same_size.h"

namespace reel::ladder {
namespace {

// A window is a quarter of the chunk, but no shorter than this; chunks not much
// longer are encoded whole. Its pictures are held in memory.
constexpr int64_t kLeastWindow = 24;
constexpr int64_t kWindowShare = 4;
constexpr int64_t kMostWindowBytes = int64_t{256} << 20;
constexpr int64_t kMostChunkBytes = int64_t{1} << 30;
constexpr int kFastSubsample = 3;
constexpr double kMiddleCrf = 30;
constexpr std::array<double, 2> kOuterCrfs{22, 38};
constexpr int kFirstCrf = 18, kLastCrf = 45, kCrfStride = 3;

// Drafts are about so much below real encodes where quality falls steeply, and
// so much above the target a chunk may be wanted that has one bad second.
constexpr double kDraftsBelow = 6, kUneven = 2;
// Of the peak rate: a draft that takes so much is held back by it.
constexpr double kHeldBackShare = 0.9;
// The best that a ladder may need is near: so much VMAF away, for no more than
// so many times the bits.
constexpr double kNear = 3, kNearBits = 2;

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

bool IsAtCap(const CurvePoint& point, const model::Rung& rung,
             const ChunkFacts& chunk) {
  return point.bits >=
         kHeldBackShare * static_cast<double>(rung.maxrate_bps) * chunk.seconds;
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
                 .rounds = {}};
  if (sizes.empty()) return plan;
  if (exhaustive) {
    plan.rounds.emplace_back();
    for (const model::Rung& size : sizes) {
      for (int crf = kFirstCrf; crf <= kLastCrf; crf += kCrfStride)
        plan.rounds.back().push_back({CodingOf(size, crf), false});
    }
    return plan;
  }
  plan.rounds.resize(3);
  for (const model::Rung& size : sizes) {
    // The largest size alone may tell that no other is needed.
    plan.rounds[&size == &sizes.front() ? 0 : 1].push_back(
        {CodingOf(size, kMiddleCrf), true});
    for (const double crf : kOuterCrfs)
      plan.rounds[2].push_back({CodingOf(size, crf), true});
  }
  // Of the middle size: it is cheap, and what it tells holds for all.
  plan.rounds[1].push_back(
      {CodingOf(sizes[sizes.size() / 2], kMiddleCrf), false});
  return plan;
}

ProbeBounds BoundsOf(const ChunkFacts& chunk, size_t chunks,
                     const model::Recipe& recipe) {
  // One CRF for all shots may leave any of them anywhere.
  if (recipe.mode != "per-shot" || recipe.ladder.search == "exhaustive")
    return {};
  const model::LadderRecipe& ladder = recipe.ladder;
  return {
      .most_vmaf = ladder.target_vmaf + kUneven,
      .least_vmaf = ladder.floor_vmaf - ladder.worst_shot_below - kDraftsBelow,
      .least_bits =
          GoesByRungs(chunks)
              ? chunk.seconds * static_cast<double>(ladder.floor_rate_bps)
              : 0,
      .alone = chunks == 1};
}

bool IsWanted(const PlannedProbe& next, std::span<const model::Probe> done,
              const ChunkFacts& chunk, const ProbeBounds& bounds) {
  for (const model::Probe& probe : done) {
    if (!probe.draft || !probe.failure.empty()) continue;
    const CurvePoint point = PointOf(probe, chunk);
    if (IsOfSize(probe, next.rung) && next.draft) {
      if (next.rung.crf < probe.crf &&
          (probe.vmaf >= bounds.most_vmaf || IsAtCap(point, next.rung, chunk)))
        return false;
      if (next.rung.crf > probe.crf &&
          (probe.vmaf <= bounds.least_vmaf || point.bits <= bounds.least_bits))
        return false;
      continue;
    }
    // One rung of this size, below the floor rate, will do.
    if (bounds.alone && probe.vmaf + kNear >= bounds.most_vmaf - kUneven &&
        point.bits * kNearBits <= bounds.least_bits)
      return false;
  }
  return true;
}

std::vector<model::Rung> ProbedSizes(
    const std::vector<model::Rung>& sizes,
    std::span<const model::ChunkProbes> chunks) {
  std::vector<model::Rung> probed;
  for (const model::Rung& size : sizes) {
    const bool was = std::ranges::any_of(chunks, [&](const auto& chunk) {
      return std::ranges::any_of(chunk.probes, [&](const auto& probe) {
        return IsOfSize(probe, size);
      });
    });
    if (was) probed.push_back(size);
  }
  return probed.empty() ? sizes : probed;
}

}  // namespace reel::ladder
