#include "ladder/convex_hull.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace reel::ladder {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Points = std::vector<RatePoint>;

TEST(ConvexHullTest, LeavesOutWhatAMixBeats) {
  // The third lies below the line from the second to the fourth, the last costs
  // more and gives less.
  const Points points = {{100, 20}, {200, 60}, {300, 65}, {400, 80}, {500, 79}};
  EXPECT_THAT(ConvexHull(points), ElementsAre(0, 1, 3));
}

TEST(ConvexHullTest, GivesIndicesByRisingRate) {
  const Points points = {{400, 80}, {100, 20}, {200, 60}};
  EXPECT_THAT(ConvexHull(points), ElementsAre(1, 2, 0));
}

TEST(ConvexHullTest, NoPointAndOne) {
  EXPECT_THAT(ConvexHull({}), IsEmpty());
  EXPECT_THAT(ConvexHull(Points{{7, 7}}), ElementsAre(0));
}

TEST(ConvexHullTest, OfEqualPointsTheFirst) {
  EXPECT_THAT(ConvexHull(Points{{7, 7}, {7, 7}, {7, 7}}), ElementsAre(0));
  EXPECT_THAT(ConvexHull(Points{{9, 9}, {7, 7}, {9, 9}, {7, 7}}),
              ElementsAre(1, 0));
}

TEST(ConvexHullTest, OfEqualRatesTheBestOfEqualQualitiesTheCheapest) {
  EXPECT_THAT(ConvexHull(Points{{7, 7}, {7, 9}, {7, 8}}), ElementsAre(1));
  EXPECT_THAT(ConvexHull(Points{{9, 7}, {7, 7}, {8, 7}}), ElementsAre(1));
}

TEST(ConvexHullTest, OnALineItsEnds) {
  EXPECT_THAT(ConvexHull(Points{{1, 10}, {2, 20}, {3, 30}, {4, 40}}),
              ElementsAre(0, 3));
}

TEST(ConvexHullTest, LeavesOutWhatIsNotFinite) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(
      ConvexHull(Points{{kNan, 50}, {1, kNan}, {2, 30}, {3, kInfinity}}),
      ElementsAre(2));
}

// The definition, word for word. Numbers are small integers: exact.
bool SomeOtherBeats(const Points& points, size_t i) {
  for (size_t j = 0; j < points.size(); ++j) {
    const bool equal = points[j].rate_bps == points[i].rate_bps &&
                       points[j].quality == points[i].quality;
    if (equal ? j < i
              : points[j].rate_bps <= points[i].rate_bps &&
                    points[j].quality >= points[i].quality)
      return true;
  }
  return false;
}

bool SomeMixBeats(const Points& points, size_t i) {
  const RatePoint& p = points[i];
  for (const RatePoint& a : points) {
    for (const RatePoint& b : points) {
      if (a.rate_bps >= p.rate_bps || b.rate_bps <= p.rate_bps) continue;
      // Quality of the mix of p's rate, both sides times b's rate minus a's.
      const double mixed = a.quality * (b.rate_bps - p.rate_bps) +
                           b.quality * (p.rate_bps - a.rate_bps);
      if (mixed >= p.quality * (b.rate_bps - a.rate_bps)) return true;
    }
  }
  return false;
}

std::vector<size_t> HullByDefinition(const Points& points) {
  std::vector<size_t> hull;
  for (size_t i = 0; i < points.size(); ++i)
    if (!SomeOtherBeats(points, i) && !SomeMixBeats(points, i))
      hull.push_back(i);
  std::sort(hull.begin(), hull.end(), [&](size_t a, size_t b) {
    return points[a].rate_bps < points[b].rate_bps;
  });
  return hull;
}

TEST(ConvexHullTest, EqualsItsDefinition) {
  std::mt19937 rng(20240229);
  for (int trial = 0; trial < 20'000; ++trial) {
    // From crowded grids, with ties and lines, to spread points.
    const unsigned range = 2u << rng() % 20;
    Points points(rng() % 25);
    for (RatePoint& point : points)
      point = {static_cast<double>(rng() % range),
               static_cast<double>(rng() % range)};
    ASSERT_EQ(ConvexHull(points), HullByDefinition(points)) << trial;
  }
}

}  // namespace
}  // namespace reel::ladder
