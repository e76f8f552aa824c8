#include "ladder/convex_hull.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace reel::ladder {
namespace {

// Whether `b` lies on the line from `a` to `c` or below it; rates and qualities
// rise from a to b to c.
bool IsNeedless(const RatePoint& a, const RatePoint& b, const RatePoint& c) {
  return (b.quality - a.quality) * (c.rate_bps - a.rate_bps) <=
         (c.quality - a.quality) * (b.rate_bps - a.rate_bps);
}

// By rising rate; the best, then the first of equal rates leads.
std::vector<size_t> SortedByRate(std::span<const RatePoint> points) {
  std::vector<size_t> order;
  for (size_t i = 0; i < points.size(); ++i)
    if (std::isfinite(points[i].rate_bps) && std::isfinite(points[i].quality))
      order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::tuple(points[a].rate_bps, -points[a].quality, a) <
           std::tuple(points[b].rate_bps, -points[b].quality, b);
  });
  return order;
}

}  // namespace

// Andrew's monotone chain (Inf. Process. Lett. 9, 1979), its upper half.
std::vector<size_t> ConvexHull(std::span<const RatePoint> points) {
  std::vector<size_t> hull;
  const auto last_is_needless_before = [&](const RatePoint& next) {
    return hull.size() >= 2 &&
           IsNeedless(points[hull[hull.size() - 2]], points[hull.back()], next);
  };
  for (const size_t i : SortedByRate(points)) {
    if (!hull.empty() && points[i].quality <= points[hull.back()].quality)
      continue;  // dearer, and no better
    while (last_is_needless_before(points[i])) hull.pop_back();
    hull.push_back(i);
  }
  return hull;
}

}  // namespace reel::ladder
