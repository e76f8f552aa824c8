#include "ladder/monotone_cubic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace reel::ladder {
namespace {

using ::testing::ElementsAre;

TEST(MonotoneSlopesTest, OfTwoPointsIsTheirSecant) {
  EXPECT_THAT(MonotoneSlopes(std::vector{1.0, 3.0}, std::vector{5.0, 1.0}),
              ElementsAre(-2, -2));
}

TEST(MonotoneSlopesTest, IsFlatWhereTheCurveTurns) {
  const auto slopes =
      MonotoneSlopes(std::vector{0.0, 1.0, 2.0}, std::vector{0.0, 1.0, 0.0});
  EXPECT_EQ(slopes[1], 0);
}

// However the points lie, the cubic stays between each two of them.
TEST(MonotoneSlopesTest, NothingOvershoots) {
  std::mt19937 rng(5);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<double> x{0}, y{unit(rng)};
    for (int i = 0; i < 5; ++i) {
      x.push_back(x.back() + 0.05 + unit(rng));
      y.push_back(unit(rng));
    }
    const auto slopes = MonotoneSlopes(x, y);
    for (size_t i = 0; i + 1 < x.size(); ++i) {
      const Knot from{x[i], y[i], slopes[i]};
      const Knot to{x[i + 1], y[i + 1], slopes[i + 1]};
      EXPECT_NEAR(Hermite(from, to, from.x), from.y, 1e-12);
      EXPECT_NEAR(Hermite(from, to, to.x), to.y, 1e-12);
      for (double t = 0.05; t < 1; t += 0.05) {
        const double at = Hermite(from, to, from.x + t * (to.x - from.x));
        EXPECT_GE(at, std::min(from.y, to.y) - 1e-12);
        EXPECT_LE(at, std::max(from.y, to.y) + 1e-12);
      }
    }
  }
}

}  // namespace
}  // namespace reel::ladder
