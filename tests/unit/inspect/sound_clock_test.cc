#include "inspect/sound_clock.h"

#include <gtest/gtest.h>

namespace reel::inspect {
namespace {

constexpr double kBlock = 0.02;

TEST(SoundClockTest, BlocksWithoutTimesFollowEachOther) {
  SoundClock clock;
  EXPECT_EQ(clock.Place(1.5, kBlock), 1.5);
  EXPECT_NEAR(clock.Place(std::nullopt, kBlock), 1.52, 1e-9);
  EXPECT_NEAR(clock.end(), 1.54, 1e-9);
  EXPECT_EQ(clock.start(), 1.5);
}

TEST(SoundClockTest, AHoleIsWhatStaysAhead) {
  SoundClock clock;
  for (int n = 0; n < 100; ++n) {
    clock.Place(n * kBlock + (n >= 50 ? 0.3 : 0), kBlock);
  }
  clock.Finish();
  ASSERT_EQ(clock.holes().size(), 1u);
  EXPECT_NEAR(clock.holes()[0].start, 1, 1e-9);
  EXPECT_NEAR(clock.holes()[0].end, 1.3, 1e-9);
  EXPECT_NEAR(clock.drift_seconds(), 0, 1e-9);
}

TEST(SoundClockTest, ALateStampAloneIsJitter) {
  SoundClock clock;
  for (int n = 0; n < 100; ++n) {
    clock.Place(n * kBlock + (n == 50 ? 0.03 : 0), kBlock);
  }
  clock.Finish();
  EXPECT_TRUE(clock.holes().empty());
}

TEST(SoundClockTest, AHoleNearTheEndCounts) {
  SoundClock clock;
  clock.Place(0, kBlock);
  clock.Place(0.1, kBlock);
  clock.Finish();
  EXPECT_EQ(clock.holes().size(), 1u);
}

TEST(SoundClockTest, SlowStampsAreDriftAndStepsBackAreNot) {
  SoundClock slow;
  for (int n = 0; n < 1000; ++n) slow.Place(n * kBlock * 1.01, kBlock);
  slow.Finish();
  EXPECT_TRUE(slow.holes().empty());
  EXPECT_NEAR(slow.drift_seconds(), 0.2, 0.001);
  SoundClock back;
  for (int n = 0; n < 100; ++n) {
    back.Place(n * kBlock - (n >= 50 ? 1 : 0), kBlock);
  }
  back.Finish();
  EXPECT_TRUE(back.holes().empty());
  EXPECT_NEAR(back.drift_seconds(), 0, 1e-9);
}

}  // namespace
}  // namespace reel::inspect
