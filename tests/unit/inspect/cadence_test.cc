#include "inspect/cadence.h"

#include <gmock/gmock.h>

#include <functional>

namespace reel::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::IsEmpty;

// 100 frames, 40 ticks apart, as `change` leaves them.
Cadence Of(const std::function<void(int64_t n, int64_t& pts)>& change) {
  model::FrameTable frames;
  for (int64_t n = 0; n < 100; ++n) {
    frames.push_back({n, 40 * n});
    change(n, frames.back().pts);
  }
  return FindCadence(frames, 40);
}

TEST(CadenceTest, AConstantRateIsSteady) {
  const Cadence cadence = Of([](int64_t, int64_t&) {});
  EXPECT_TRUE(cadence.steady);
  EXPECT_EQ(cadence.deviating, 0);
  EXPECT_THAT(cadence.gaps, IsEmpty());
}

TEST(CadenceTest, RoundedTimesAreSteady) {
  model::FrameTable frames;
  for (int64_t n = 0; n < 100; ++n) frames.push_back({n, 1000 * n / 240});
  EXPECT_EQ(FindCadence(frames, 4).deviating, 0);
}

TEST(CadenceTest, MissingFramesDelayAllThatFollow) {
  const Cadence cadence =
      Of([](int64_t n, int64_t& pts) { pts += n >= 45 ? 3 * 40 : 0; });
  EXPECT_TRUE(cadence.steady);
  EXPECT_THAT(cadence.gaps, ElementsAre(FieldsAre(45, 3)));
}

TEST(CadenceTest, MissingFramesAtTheEdgesAreSeen) {
  EXPECT_THAT(Of([](int64_t n, int64_t& pts) { pts += n >= 1 ? 40 : 0; }).gaps,
              ElementsAre(FieldsAre(1, 1)));
  EXPECT_THAT(Of([](int64_t n, int64_t& pts) { pts += n >= 99 ? 80 : 0; }).gaps,
              ElementsAre(FieldsAre(99, 2)));
}

TEST(CadenceTest, ALateFrameIsNoGap) {
  const Cadence cadence =
      Of([](int64_t n, int64_t& pts) { pts += n == 45 ? 30 : 0; });
  EXPECT_THAT(cadence.gaps, IsEmpty());
  EXPECT_THAT(cadence.irregular, ElementsAre(45, 46));
}

TEST(CadenceTest, ATimeUsedTwiceLeavesNoGapBehind) {
  const Cadence cadence =
      Of([](int64_t n, int64_t& pts) { pts -= n == 37 ? 40 : 0; });
  EXPECT_THAT(cadence.gaps, IsEmpty());
  EXPECT_THAT(cadence.irregular, ElementsAre(38));
}

TEST(CadenceTest, JitterIsUnevenAndNotSteady) {
  const Cadence cadence =
      Of([](int64_t n, int64_t& pts) { pts += n % 3 * 12; });
  EXPECT_FALSE(cadence.steady);
  EXPECT_GT(cadence.uneven, 50);
  EXPECT_EQ(cadence.shortest, 16);
  EXPECT_EQ(cadence.longest, 52);
}

TEST(CadenceTest, SkippedFramesAreNotUneven) {
  const Cadence cadence =
      Of([](int64_t n, int64_t& pts) { pts += n / 8 * 40; });
  EXPECT_FALSE(cadence.steady);
  EXPECT_EQ(cadence.uneven, 0);
}

TEST(CadenceTest, ShortTablesAreSteady) {
  EXPECT_TRUE(FindCadence({{0, 0}}, 1).steady);
  EXPECT_TRUE(FindCadence({{0, 0}, {1, 7}}, 7).steady);
}

TEST(CadenceTest, TheWidestTimesDoNotOverflow) {
  constexpr int64_t kFar = int64_t{1} << 60;
  const Cadence cadence = FindCadence({{0, -kFar}, {1, kFar}, {2, -kFar}}, 1);
  EXPECT_EQ(cadence.longest, 2 * kFar);
}

}  // namespace
}  // namespace reel::inspect
