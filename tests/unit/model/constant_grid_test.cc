#include "model/constant_grid.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace reel::model {
namespace {

std::vector<int64_t> RoundedGrid(int frames, base::Rational interval) {
  std::vector<int64_t> ticks;
  for (int i = 0; i < frames; ++i)
    ticks.push_back(base::Rescale(i, interval, {1, 1}));
  return ticks;
}

TEST(ConstantGridTest, RecognisesAndFindsEveryRoundedGrid) {
  std::mt19937 rng(20240229);
  for (int trial = 0; trial < 2000; ++trial) {
    const int64_t den = rng() % 30 + 1;
    const base::Rational interval{8 * den + static_cast<int64_t>(rng() % 5000),
                                  den};
    const auto ticks = RoundedGrid(static_cast<int>(rng() % 300) + 2, interval);
    SCOPED_TRACE(base::ToString(interval));
    EXPECT_TRUE(LiesOnGrid(ticks, interval));
    const auto found = FitConstantGrid(ticks, 4096);
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(LiesOnGrid(ticks, *found));
  }
}

TEST(ConstantGridTest, FindsTheTrueIntervalOfALongList) {
  // 23.976 frames a second on a clock of milliseconds.
  const auto found = FitConstantGrid(RoundedGrid(5000, {1001, 24}), 4096);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->num, 1001);
  EXPECT_EQ(found->den, 24);
}

TEST(ConstantGridTest, OneMissingFrameIsNoGrid) {
  for (const base::Rational interval : {base::Rational{1001, 24}, {512, 1}}) {
    auto ticks = RoundedGrid(100, interval);
    ticks.erase(ticks.begin() + 40);
    EXPECT_FALSE(FitConstantGrid(ticks, 4096).has_value());
  }
}

TEST(ConstantGridTest, CoarseClocksMustBeMetExactly) {
  // One tick a frame: a missing frame must not pass for rounding.
  const std::vector<int64_t> gap{0, 1, 2, 4, 5};
  EXPECT_FALSE(LiesOnGrid(gap, {5, 4}));
  EXPECT_FALSE(FitConstantGrid(gap, 4096).has_value());
  EXPECT_TRUE(LiesOnGrid(std::vector<int64_t>{0, 1, 2, 3}, {1, 1}));
}

}  // namespace
}  // namespace reel::model
