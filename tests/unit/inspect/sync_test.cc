#include "inspect/sync.h"

#include <gtest/gtest.h>

#include <random>

#include "unit/inspect/made_up_title.h"

namespace reel::inspect {
namespace {

std::vector<double> Every(double period, double from, double to,
                          double delay = 0, double stretch = 1) {
  std::vector<double> times;
  for (double t = from; t <= to; t += period) {
    times.push_back(t * stretch + delay);
  }
  return times;
}

TEST(MatchEventsTest, LateAndEarlySound) {
  const auto flashes = Every(1, 1, 5);
  for (const double delay : {0.0, 0.04, 0.24, -0.4, 0.48}) {
    const auto sync = MatchEvents(flashes, Every(1, 1, 5, delay), false);
    ASSERT_TRUE(sync.has_value()) << delay;
    EXPECT_NEAR(sync->offset, delay, 1e-6);
    EXPECT_NEAR(sync->growth, 0, 1e-6);
    EXPECT_EQ(sync->pairs.size(), 5u);
  }
}

TEST(MatchEventsTest, TheFirstAndLastDecideBeyondHalfAPeriod) {
  const auto sync = MatchEvents(Every(1, 1, 5), Every(1, 1, 5, 0.8), false);
  ASSERT_TRUE(sync.has_value());
  EXPECT_NEAR(sync->offset, 0.8, 1e-6);
}

TEST(MatchEventsTest, SoundThatGrowsLater) {
  const auto sync =
      MatchEvents(Every(1, 1, 60), Every(1, 1, 60, 0, 1.001), false);
  ASSERT_TRUE(sync.has_value());
  EXPECT_NEAR(sync->offset, 0.001, 1e-3);
  EXPECT_NEAR(sync->growth, 0.059, 1e-3);
}

TEST(MatchEventsTest, OneFlashAndOneBeepAreALeader) {
  const std::vector<double> flash = {2};
  const std::vector<double> beep = {2.2};
  ASSERT_TRUE(MatchEvents(flash, beep, true).has_value());
  EXPECT_NEAR(MatchEvents(flash, beep, true)->offset, 0.2, 1e-9);
  EXPECT_FALSE(MatchEvents(flash, beep, false).has_value());
  EXPECT_FALSE(MatchEvents(flash, std::vector<double>{3.5}, true).has_value());
}

TEST(MatchEventsTest, ChanceIsNoMatch) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> when(0, 600);
  std::vector<double> flashes(40);
  std::vector<double> sounds(400);
  for (double& time : flashes) time = when(random);
  for (double& time : sounds) time = when(random);
  std::sort(flashes.begin(), flashes.end());
  std::sort(sounds.begin(), sounds.end());
  EXPECT_FALSE(MatchEvents(flashes, sounds, false).has_value());
  EXPECT_FALSE(MatchEvents({}, sounds, false).has_value());
}

TEST(FlashesTest, BrightOrDarkForAFewFrames) {
  MadeUpTitle title;
  for (auto& print : title.fingerprints) print.mean = 40 * 256;
  title.fingerprints[20].mean = title.fingerprints[21].mean = 180 * 256;
  title.fingerprints[50].mean = 16 * 256;
  // A cut to something brighter.
  for (size_t n = 70; n < 100; ++n) title.fingerprints[n].mean = 90 * 256;
  const auto flashes = Flashes(title.Facts());
  ASSERT_EQ(flashes.size(), 2u);
  EXPECT_EQ(flashes[0].frame, 20);
  EXPECT_EQ(flashes[0].frames, 2);
  EXPECT_NEAR(flashes[0].time, 0.8, 1e-9);
  EXPECT_EQ(flashes[1].frame, 50);
}

TEST(CorrelateTest, OnsetsAtOneDistanceStandOut) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> when(0, 300);
  std::vector<double> cuts(60);
  std::vector<double> onsets(300);
  for (double& time : cuts) time = when(random);
  for (double& time : onsets) time = when(random);
  const auto chance = Correlate(cuts, onsets, 300);
  ASSERT_TRUE(chance.has_value());
  EXPECT_LT(chance->significance, 6);
  for (size_t n = 0; n < 30; ++n) onsets[n] = cuts[n] + 0.3;
  const auto found = Correlate(cuts, onsets, 300);
  EXPECT_GT(found->significance, 8);
  EXPECT_NEAR(found->offset, 0.3, 0.02);
  EXPECT_FALSE(Correlate({}, onsets, 300).has_value());
}

}  // namespace
}  // namespace reel::inspect
