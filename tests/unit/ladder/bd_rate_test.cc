#include "ladder/bd_rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace reel::ladder {
namespace {

using ::testing::HasSubstr;
using Points = std::vector<RatePoint>;

double Percent(const Points& anchor, const Points& test) {
  const auto percent = BdRate(anchor, test);
  EXPECT_TRUE(percent.has_value()) << percent.error().message;
  return percent.value_or(std::numeric_limits<double>::quiet_NaN());
}

std::string ErrorOf(const Points& anchor, const Points& test) {
  const auto percent = BdRate(anchor, test);
  EXPECT_FALSE(percent.has_value());
  if (percent.has_value()) return "";
  EXPECT_EQ(percent.error().code, base::Code::kInvalidArgument);
  return percent.error().message;
}

Points Scaled(Points points, double factor) {
  for (RatePoint& point : points) point.rate_bps *= factor;
  return points;
}

// 2 … 9 points that rise in both.
Points RandomCurve(std::mt19937& rng) {
  std::uniform_real_distribution<double> step(0.05, 1);
  Points points(2 + rng() % 8);
  RatePoint at{1e5 * (1 + step(rng)), 20 + 20 * step(rng)};
  for (RatePoint& point : points) {
    point = at;
    at.rate_bps *= std::pow(10, step(rng) / 2);
    at.quality += 30 * step(rng);
  }
  return points;
}

const Points kFixed = {
    {400e3, 41.2}, {1.5e6, 74.9}, {3.5e6, 89.3}, {6e6, 94.1}};
const Points kPerShot = {
    {250e3, 38.6}, {900e3, 71.3}, {2.1e6, 88.8}, {4.4e6, 95.2}};

// The values are those of scipy 1.10.1, from integrals of its
// PchipInterpolator over the common interval.
TEST(BdRateTest, EqualsAnIndependentImplementation) {
  EXPECT_NEAR(Percent(kFixed, kPerShot), -30.79583606796956, 1e-9);
}

TEST(BdRateTest, EqualsAnIndependentImplementationForTwoPoints) {
  const Points two = {{1e6, 30}, {8e6, 40}};
  const Points six = {{700e3, 29}, {1.1e6, 31.5},   {2e6, 34.25},
                      {3.9e6, 37}, {7.7e6, 39.125}, {2e7, 44.5}};
  EXPECT_NEAR(Percent(two, six), -10.463579222973907, 1e-9);
}

TEST(BdRateTest, EqualsAnIndependentImplementationWhereSlopesAreSteep) {
  const Points steep = {
      {1e5, 10}, {1.1e5, 50}, {4e6, 52}, {5e6, 95}, {9e7, 96}};
  const Points other = {{9e4, 20}, {1e6, 21}, {1.2e6, 90}, {6e6, 97}};
  EXPECT_NEAR(Percent(steep, other), 16.426801207258368, 1e-9);
}

TEST(BdRateTest, UsesEfficientPointsOnly) {
  const Points anchor = {{1e6, 60}, {2e6, 75}, {4e6, 88}, {8e6, 94}};
  const Points test = {{8e5, 58}, {1.7e6, 76.5}, {3e6, 87}, {9e6, 95}};
  Points more = anchor;
  more.push_back({3e6, 74});    // dearer and worse than another
  more.push_back({2.5e6, 75});  // dearer, as good
  more.push_back({4e6, 80});    // as dear, worse
  more.push_back({8e6, 94});    // twice
  EXPECT_NEAR(Percent(more, test), -18.11192741020734, 1e-9);
  EXPECT_EQ(Percent(more, test), Percent(anchor, test));
}

TEST(BdRateTest, TellsTheCommonInterval) {
  const auto common = CommonQuality(kFixed, kPerShot);
  ASSERT_TRUE(common.has_value());
  EXPECT_EQ(common->low, 41.2);
  EXPECT_EQ(common->high, 94.1);
}

TEST(BdRateTest, FewerThanTwoPointsIsAnError) {
  EXPECT_THAT(ErrorOf({}, kFixed), HasSubstr("the anchor has 0"));
  EXPECT_THAT(ErrorOf(kFixed, {{1e6, 50}}), HasSubstr("the test has 1"));
  // More, but the second gives nothing for its bits.
  EXPECT_THAT(ErrorOf(kFixed, {{1e6, 50}, {2e6, 50}}),
              HasSubstr("the test has 1 (of 2)"));
}

TEST(BdRateTest, NoCommonQualityIsAnError) {
  const Points low = {{1e6, 20}, {2e6, 30.5}};
  const Points high = {{1e6, 30.5}, {2e6, 40}};  // one quality is no interval
  EXPECT_THAT(ErrorOf(low, high),
              HasSubstr("the anchor has 20 to 30.5, the test 30.5 to 40"));
  EXPECT_FALSE(CommonQuality(low, high).has_value());
}

TEST(BdRateTest, RatesThatHaveNoLogarithmAreAnError) {
  EXPECT_THAT(ErrorOf({{0, 20}, {2e6, 30}}, kFixed), HasSubstr("0 bit/s"));
  EXPECT_THAT(ErrorOf(kFixed, {{-1, 20}, {2e6, 30}}), HasSubstr("-1 bit/s"));
  EXPECT_THAT(ErrorOf({{1e6, std::nan("")}, {2e6, 30}}, kFixed),
              HasSubstr("quality nan"));
}

// Neighbours that differ by the last bit make secants that are 0 or huge; a
// curve between rising points rises all the same, so it differs from any other
// by less than the step from one point to the next.
TEST(BdRateTest, NearlyEqualPointsDoNoHarm) {
  const double next_rate = std::nextafter(1.5e6, 1e9);
  const double next_quality = std::nextafter(74.9, 100.0);
  Points points = kFixed;
  points.push_back({next_rate, 75.5});
  points.push_back({1.51e6, next_quality});
  points.push_back({2e6, std::nextafter(75.5, 100.0)});
  const double largest_step = 1.5e6 / 400e3;
  EXPECT_LT(1 + Percent(kFixed, points) / 100, largest_step);
  EXPECT_GT(1 + Percent(kFixed, points) / 100, 1 / largest_step);
}

TEST(BdRateTest, LawsHoldForAnyCurves) {
  std::mt19937 rng(20240229);
  int compared = 0;
  for (int trial = 0; trial < 5000; ++trial) {
    const Points a = RandomCurve(rng), b = RandomCurve(rng);
    ASSERT_NEAR(Percent(a, a), 0, 1e-9) << trial;
    ASSERT_NEAR(Percent(a, Scaled(a, 2)), 100, 1e-9) << trial;
    if (!CommonQuality(a, b).has_value()) continue;
    ++compared;
    const double percent = Percent(a, b);
    ASSERT_NEAR((1 + percent / 100) * (1 + Percent(b, a) / 100), 1, 1e-9);
    ASSERT_NEAR(Percent(Scaled(a, 1000), Scaled(b, 1000)) / 100, percent / 100,
                1e-9 * (1 + percent / 100));
    Points shuffled = a;
    std::shuffle(shuffled.begin(), shuffled.end(), rng);
    ASSERT_EQ(Percent(shuffled, b), percent) << trial;
  }
  EXPECT_GT(compared, 3000);
}

}  // namespace
}  // namespace reel::ladder
