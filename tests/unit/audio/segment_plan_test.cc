#include "audio/segment_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace reel::audio {
namespace {

using base::Rational;
using ::testing::ElementsAre;

TEST(SegmentPlanTest, CutsAtTheNearestFrame) {
  // Frame n is heard from (n - 1) * 1024: 48000 / 1024 = 46.9, so frame 48.
  const std::vector<Rational> starts = {{0, 1}, {1, 1}, {2, 1}};
  EXPECT_THAT(PlanSegments(starts, 144'000, 48'000).value(),
              ElementsAre(0, 48, 95, 142));
}

TEST(SegmentPlanTest, CountsThePriming) {
  EXPECT_EQ(FrameCount(1), 2);
  EXPECT_EQ(FrameCount(1024), 2);
  EXPECT_EQ(FrameCount(1025), 3);
}

TEST(SegmentPlanTest, EverySegmentIsHeard) {
  const std::vector<Rational> starts = {{0, 1}, {1, 1000}, {2, 1000}};
  EXPECT_THAT(PlanSegments(starts, 4096, 48'000).value(),
              ElementsAre(0, 2, 3, 5));
  const std::vector<Rational> late = {{0, 1}, {98, 1000}, {99, 1000}};
  EXPECT_THAT(PlanSegments(late, 4800, 48'000).value(),
              ElementsAre(0, 4, 5, 6));
}

TEST(SegmentPlanTest, BoundariesAreWithinHalfAFrame) {
  std::mt19937 rng(20240229);
  std::vector<Rational> starts = {{0, 1}};
  for (int64_t at = 0; at < 7'000'000;) {
    at += 12'000 + static_cast<int64_t>(rng() % 90'000);
    starts.push_back({at, 24'000});
  }
  const int64_t samples = 2 * 7'200'000;
  const auto plan = PlanSegments(starts, samples, 48'000).value();
  for (size_t i = 1; i < starts.size(); ++i) {
    const int64_t want = starts[i].num * 2;
    EXPECT_LE(std::abs((plan[i] - 1) * 1024 - want), 512) << i;
  }
}

TEST(SegmentPlanTest, RefusesWhatMakesNoSense) {
  const auto code = [](std::vector<Rational> starts, int64_t samples) {
    return PlanSegments(starts, samples, 48'000).error().code;
  };
  EXPECT_EQ(code({}, 48'000), base::Code::kInvalidArgument);
  EXPECT_EQ(code({{1, 1}}, 48'000), base::Code::kInvalidArgument);
  EXPECT_EQ(code({{0, 1}, {0, 1}}, 48'000), base::Code::kInvalidArgument);
  EXPECT_EQ(code({{0, 1}, {1, 9}, {2, 9}}, 1024), base::Code::kInvalidArgument);
  EXPECT_EQ(code({{0, 1}}, 0), base::Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::audio
