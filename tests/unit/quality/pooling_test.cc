#include "quality/pooling.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <vector>

#include "testing/vmaf_golden.h"

namespace reel::quality {
namespace {

TEST(PoolingTest, OneScoreIsEveryPool) {
  const auto pooled = Pool(std::vector{42.0});
  ASSERT_TRUE(pooled.has_value());
  for (const double value :
       {pooled->mean, pooled->harmonic_mean, pooled->min, pooled->max,
        pooled->percentile_1, pooled->percentile_5, pooled->percentile_10})
    EXPECT_DOUBLE_EQ(value, 42.0);
}

TEST(PoolingTest, HarmonicMeanTakesZero) {
  const auto pooled = Pool(std::vector{0.0, 99.0});
  ASSERT_TRUE(pooled.has_value());
  EXPECT_DOUBLE_EQ(pooled->mean, 49.5);
  EXPECT_DOUBLE_EQ(pooled->harmonic_mean, 2.0 / (1.0 + 0.01) - 1.0);
}

TEST(PoolingTest, PercentileIsTheNearestRankAbove) {
  std::vector<double> scores(200);
  std::iota(scores.rbegin(), scores.rend(), 1.0);  // 200 .. 1
  const auto pooled = Pool(scores);
  ASSERT_TRUE(pooled.has_value());
  EXPECT_EQ(pooled->percentile_1, 2.0);
  EXPECT_EQ(pooled->percentile_5, 10.0);
  EXPECT_EQ(pooled->percentile_10, 20.0);
  scores.push_back(0.0);  // 201 scores: 1 % of them is 2.01, the third
  EXPECT_EQ(Pool(scores)->percentile_1, 2.0);
  EXPECT_EQ(Pool(std::vector{7.0, 5.0, 6.0})->percentile_10, 5.0);
}

TEST(PoolingTest, RefusesWhatHasNoHarmonicMean) {
  EXPECT_FALSE(Pool({}).has_value());
  for (const double bad : {-1.0, std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity()})
    EXPECT_FALSE(Pool(std::vector{50.0, bad}).has_value()) << bad;
}

TEST(PoolingTest, EqualsLibvmafOnAllPairs) {
  REEL_SKIP_WITHOUT_VMAF_GOLDENS();
  for (const auto& pair : testing::VmafPairs()) {
    std::vector<double> scores;
    for (const auto& frame : pair["frames"])
      scores.push_back(frame["metrics"]["vmaf"]);
    const auto pooled = Pool(scores);
    ASSERT_TRUE(pooled.has_value());
    const auto& want = pair["pooled_metrics"]["vmaf"];
    SCOPED_TRACE(pair["pair"].get<std::string>());
    EXPECT_NEAR(pooled->mean, want["mean"], 1e-9);
    EXPECT_NEAR(pooled->harmonic_mean, want["harmonic_mean"], 1e-9);
    EXPECT_EQ(pooled->min, want["min"].get<double>());
    EXPECT_EQ(pooled->max, want["max"].get<double>());
  }
}

}  // namespace
}  // namespace reel::quality
