#include "inspect/events.h"

#include <fmt/format.h>

#include <algorithm>

namespace reel::inspect {
namespace {

constexpr double kJoinSeconds = 2;

}  // namespace

std::vector<Burst> JoinEvents(std::vector<Event> events) {
  std::stable_sort(
      events.begin(), events.end(),
      [](const Event& a, const Event& b) { return a.start < b.start; });
  std::vector<Burst> bursts;
  for (const Event& event : events) {
    const bool fresh =
        bursts.empty() || (event.start - bursts.back().end >= kJoinSeconds &&
                           bursts.size() < kMaxFindings);
    if (fresh) bursts.push_back({event.start, event.end, event.frame});
    Burst& burst = bursts.back();
    burst.end = std::max(burst.end, event.end);
    ++burst.events;
    burst.weight += event.weight;
  }
  return bursts;
}

std::string At(double seconds, int64_t frame) {
  if (frame < 0) return fmt::format("at {:.3f} s", seconds);
  return fmt::format("at {:.3f} s (frame {})", seconds, frame);
}

std::string At(const Burst& burst) {
  if (burst.events == 1) return At(burst.start, burst.first_frame);
  return fmt::format("from {:.3f} s (frame {}) to {:.3f} s", burst.start,
                     burst.first_frame, burst.end);
}

}  // namespace reel::inspect
