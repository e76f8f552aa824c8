#include <algorithm>
#include <numeric>
#include <vector>

#include "base/rational.h"
#include "base/result.h"
#include "shots/shots.h"

namespace reel::shots {
namespace {

// Effort of one frame in arbitrary units: a fixed part, and what motion that
// cannot be predicted adds. Fitted to x264's times for the shots of a film
// (docs/shots.md), where texture told nothing.
int64_t Effort(const FrameFeatures& frame) {
  constexpr int64_t kFixed = 200;
  return kFixed + frame.residual;
}

// Estimated work of each segment, in milliseconds of the title's average
// picture: all of them together are as long as the title.
std::vector<int64_t> SegmentWork(const model::Segments& segments,
                                 const model::Timeline& timeline,
                                 std::span<const FrameFeatures> features) {
  std::vector<int64_t> efforts;
  for (const model::FrameRange& segment : segments) {
    int64_t effort = 0;
    for (int64_t i = segment.first_frame; i < segment.end_frame; ++i)
      effort += Effort(features[static_cast<size_t>(i)]);
    efforts.push_back(effort);
  }
  const int64_t total =
      std::accumulate(efforts.begin(), efforts.end(), int64_t{0});
  const int64_t title_ms = base::Rescale(timeline.Start(timeline.frames),
                                         {1, timeline.timescale_hz}, {1, 1000});
  for (int64_t& effort : efforts)
    effort = base::Rescale(effort, {title_ms, total}, {1, 1});
  return efforts;
}

// How many runs of at most `limit` the segments make, filled from the front.
int64_t CountRuns(const std::vector<int64_t>& work, int64_t limit) {
  int64_t runs = 0, sum = limit + 1;  // full: the first one opens a run
  for (const int64_t w : work) {
    if (sum + w > limit) ++runs, sum = 0;
    sum += w;
  }
  return runs;
}

// The least limit at which the segments make at most `runs` runs.
int64_t LeastLimit(const std::vector<int64_t>& work, int64_t runs) {
  int64_t low = *std::max_element(work.begin(), work.end());
  int64_t high = std::accumulate(work.begin(), work.end(), int64_t{0});
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (CountRuns(work, middle) <= runs) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

void Append(const model::FrameRange& segment, int64_t work, bool begins,
            std::vector<model::Chunk>& chunks) {
  if (begins || chunks.empty()) {
    model::Chunk chunk;
    chunk.index = static_cast<int64_t>(chunks.size());
    chunk.range.first_frame = segment.first_frame;
    chunks.push_back(chunk);
  }
  chunks.back().segments.push_back(segment);
  chunks.back().range.end_frame = segment.end_frame;
  chunks.back().work += work;
}

}  // namespace

std::vector<model::Chunk> PlanChunks(const model::Segments& segments,
                                     const model::Timeline& timeline,
                                     std::span<const FrameFeatures> features,
                                     const model::ChunkRecipe& recipe) {
  if (segments.empty()) return {};
  REEL_CHECK(static_cast<int64_t>(features.size()) == timeline.frames);
  const std::vector<int64_t> work = SegmentWork(segments, timeline, features);
  const int64_t total = std::accumulate(work.begin(), work.end(), int64_t{0});
  const int64_t wanted = std::max<int64_t>(
      1, (total + recipe.target_chunk_ms / 2) / recipe.target_chunk_ms);
  const int64_t limit = LeastLimit(work, wanted);

  std::vector<model::Chunk> chunks;
  for (size_t i = 0; i < segments.size(); ++i) {
    Append(segments[i], work[i],
           !chunks.empty() && chunks.back().work + work[i] > limit, chunks);
  }
  return chunks;
}

std::vector<model::Chunk> PlanShotChunks(
    const model::Segments& segments, const model::Shots& shots,
    const model::Timeline& timeline, std::span<const FrameFeatures> features,
    const model::ChunkRecipe& recipe) {
  if (segments.empty()) return {};
  REEL_CHECK(static_cast<int64_t>(features.size()) == timeline.frames);
  const std::vector<int64_t> work = SegmentWork(segments, timeline, features);
  const int64_t limit_ticks = base::Rescale(recipe.target_chunk_ms, {1, 1000},
                                            {1, timeline.timescale_hz});
  std::vector<model::Chunk> chunks;
  for (size_t i = 0; i < segments.size(); ++i) {
    const bool cut = std::ranges::binary_search(
        shots, segments[i].first_frame, {}, &model::FrameRange::first_frame);
    const bool too_long =
        !chunks.empty() &&
        timeline.Start(segments[i].end_frame) -
                timeline.Start(chunks.back().range.first_frame) >
            limit_ticks;
    Append(segments[i], work[i], cut || too_long, chunks);
  }
  return chunks;
}

}  // namespace reel::shots
