#include "inspect/stereo_meter.h"

#include <gtest/gtest.h>

#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

StereoFacts Measure(const std::vector<float>& left,
                    const std::vector<float>& right) {
  StereoMeter meter;
  Feed(meter, {left, right});
  return meter.Take();
}

std::vector<float> Negative(std::vector<float> samples) {
  for (float& sample : samples) sample = -sample;
  return samples;
}

TEST(StereoMeterTest, TheSameOnBothSidesIsInPhase) {
  const auto facts = Measure(Noise(2, 0.1), Noise(2, 0.1));
  EXPECT_EQ(facts.loud, 20);
  EXPECT_EQ(facts.opposed, 0);
  EXPECT_NEAR(facts.side_energy, 0, 1e-3);
}

TEST(StereoMeterTest, IndependentSidesAreNotOpposed) {
  EXPECT_EQ(Measure(Noise(2, 0.1, 1), Noise(2, 0.1, 2)).opposed, 0);
}

TEST(StereoMeterTest, ANegativeSideIsOpposed) {
  const auto facts = Measure(Noise(4, 0.1), Negative(Noise(4, 0.1)));
  EXPECT_EQ(facts.opposed, 40);
  EXPECT_NEAR(facts.mid_energy, 0, 1e-3);
  ASSERT_EQ(facts.opposed_stretches.size(), 1u);
  EXPECT_NEAR(facts.opposed_stretches[0].end, 4, 1e-6);
}

TEST(StereoMeterTest, QuietSoundSaysNothing) {
  EXPECT_EQ(Measure(Noise(1, 1e-4), Negative(Noise(1, 1e-4))).loud, 0);
}

TEST(StretchFinderTest, AShortGapDoesNotEndAStretch) {
  StretchFinder finder(1, 0.5);
  for (int n = 0; n < 20; ++n) {
    const bool holds = n != 7 && n != 8 && n < 15;
    finder.See(n / 10.0, (n + 1) / 10.0, holds);
  }
  std::vector<Stretch> found;
  finder.AddTo(found);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].start, 0, 1e-9);
  EXPECT_NEAR(found[0].end, 1.5, 1e-9);
  EXPECT_EQ(found[0].channel, 1);
}

TEST(ChannelMeterTest, ADeadChannelBesideSound) {
  ChannelMeter meter(2);
  auto right = Noise(5, 0.1);
  Mute(right, 1, 4);
  Feed(meter, {Noise(5, 0.1), right});
  EXPECT_NEAR(meter.channels()[0].loudest_db, -20, 2);
  const auto silent = meter.TakeSilent();
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent[0].channel, 1);
  EXPECT_NEAR(silent[0].start, 1, 0.11);
  EXPECT_NEAR(silent[0].end, 4, 0.11);
}

TEST(ChannelMeterTest, ACommonPauseIsNoDeadChannel) {
  ChannelMeter meter(2);
  auto sound = Noise(5, 0.1);
  Mute(sound, 1, 4);
  Feed(meter, {sound, sound});
  EXPECT_TRUE(meter.TakeSilent().empty());
}

}  // namespace
}  // namespace reel::inspect
