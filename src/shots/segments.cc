#include <algorithm>
#include <vector>

#include "base/rational.h"
#include "base/result.h"
#include "shots/shots.h"

namespace reel::shots {
namespace {

using model::FrameRange;
using model::Segments;
using model::Timeline;

int64_t Ticks(const Timeline& timeline, const FrameRange& range) {
  return timeline.Start(range.end_frame) - timeline.Start(range.first_frame);
}

// The first frame in [first, end) that starts at or after `tick`, or `end`.
int64_t FirstAtOrAfter(const Timeline& timeline, FrameRange range,
                       int64_t tick) {
  auto [first, end] = range;
  while (first < end) {
    const int64_t middle = first + (end - first) / 2;
    if (timeline.Start(middle) < tick) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  return first;
}

// The longest run from `first` on that lasts at most `limit`, but at least one
// frame: its end.
int64_t FarthestEnd(const Timeline& timeline, FrameRange range, int64_t limit) {
  const auto [first, end] = range;
  const int64_t last_tick = timeline.Start(first) + limit;
  const int64_t beyond = FirstAtOrAfter(timeline, range, last_tick + 1);
  if (beyond == end && timeline.Start(end) <= last_tick) return end;
  return std::max(beyond - 1, first + 1);
}

// The longest run up to `end` that lasts at most `limit`, but at least one
// frame: its first frame.
int64_t EarliestStart(const Timeline& timeline, FrameRange range,
                      int64_t limit) {
  return std::min(
      FirstAtOrAfter(timeline, range, timeline.Start(range.end_frame) - limit),
      range.end_frame - 1);
}

// Boundary k of the fewest parts that `shot` can be divided into must not lie
// before the k-th of these, lest the rest needs more parts.
std::vector<int64_t> EarliestBoundaries(const Timeline& timeline,
                                        FrameRange shot, int64_t limit) {
  std::vector<int64_t> earliest{shot.end_frame};
  while (earliest.back() > shot.first_frame) {
    earliest.push_back(
        EarliestStart(timeline, {shot.first_frame, earliest.back()}, limit));
  }
  std::reverse(earliest.begin(), earliest.end());
  return earliest;
}

int64_t NearestFrame(const Timeline& timeline, FrameRange range, int64_t tick) {
  const int64_t after = FirstAtOrAfter(timeline, range, tick);
  if (after == range.first_frame) return after;
  return timeline.Start(after) - tick < tick - timeline.Start(after - 1)
             ? after
             : after - 1;
}

// Appends `shot`, in as few parts of at most `limit` ticks as possible, as
// even as frames allow.
void Divide(const Timeline& timeline, FrameRange shot, int64_t limit,
            Segments& segments) {
  const std::vector<int64_t> earliest =
      EarliestBoundaries(timeline, shot, limit);
  const int64_t parts = static_cast<int64_t>(earliest.size()) - 1;
  const int64_t start = timeline.Start(shot.first_frame);
  int64_t first = shot.first_frame;
  for (int64_t part = 1; part < parts; ++part) {
    const int64_t even =
        start + base::Rescale(Ticks(timeline, shot), {part, parts}, {1, 1});
    const int64_t least =
        std::max(earliest[static_cast<size_t>(part)], first + 1);
    const int64_t most =
        std::min(FarthestEnd(timeline, {first, shot.end_frame}, limit),
                 shot.end_frame - (parts - part));
    const int64_t end =
        std::clamp(NearestFrame(timeline, shot, even), least, most);
    segments.push_back({first, end});
    first = end;
  }
  segments.push_back({first, shot.end_frame});
}

}  // namespace

Segments PlanSegments(const model::Shots& shots, const Timeline& timeline,
                      const model::ChunkRecipe& recipe) {
  const base::Rational ms{1, 1000}, tick{1, timeline.timescale_hz};
  const int64_t limit = base::RescaleFloor(recipe.max_segment_ms, ms, tick);
  const int64_t least = base::RescaleFloor(recipe.min_segment_ms, ms, tick);
  Segments divided;
  for (const FrameRange& shot : shots) Divide(timeline, shot, limit, divided);

  Segments segments;
  for (const FrameRange& part : divided) {
    const bool shared =
        !segments.empty() &&
        std::min(Ticks(timeline, segments.back()), Ticks(timeline, part)) <
            least &&
        Ticks(timeline, {segments.back().first_frame, part.end_frame}) <= limit;
    if (shared) {
      segments.back().end_frame = part.end_frame;
    } else {
      segments.push_back(part);
    }
  }
  return segments;
}

}  // namespace reel::shots
