#include "inspect/silence_finder.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

SilenceFinder Find(const std::vector<float>& samples) {
  struct Meter {
    SilenceFinder finder{-1};
    void See(const Slice& slice) {
      for (size_t k = 0; k < slice.levels[0].size(); ++k) {
        finder.See(slice.TimeOfFine(k), slice.levels[0][k].power, 0.005);
      }
    }
  } meter;
  Feed(meter, {samples});
  meter.finder.Finish();
  return meter.finder;
}

TEST(SilenceFinderTest, NoiseHasNone) {
  EXPECT_EQ(Find(Noise(2, 0.1)).count(), 0);
}

TEST(SilenceFinderTest, ADropoutIsFoundWhereItIs) {
  auto sound = Noise(2, 0.1);
  Mute(sound, 0.8, 0.85);
  const auto found = Find(sound).silences();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].start, 0.8, 0.006);
  EXPECT_NEAR(found[0].end, 0.85, 0.006);
  EXPECT_NEAR(found[0].before_db, -20, 1);
  EXPECT_NEAR(found[0].after_db, -20, 1);
  EXPECT_EQ(found[0].floor_db, kSilenceDb);
  EXPECT_LT(found[0].fall_seconds, 0.006);
  EXPECT_LT(found[0].rise_seconds, 0.006);
}

TEST(SilenceFinderTest, SoundThatFadesIsCountedButNotKept) {
  auto sound = Noise(2, 0.1);
  for (size_t n = 0; n < sound.size(); ++n) {
    // 60 dB down over 0.3 s, nothing from 1.0 to 1.2 s.
    const double t = static_cast<double>(n) / kRate;
    if (t >= 0.7) sound[n] *= static_cast<float>(std::pow(10, (0.7 - t) * 10));
    if (t >= 1.2) sound[n] = 0.1F * std::sin(static_cast<float>(n));
  }
  const SilenceFinder found = Find(sound);
  EXPECT_EQ(found.count(), 1);
  EXPECT_TRUE(found.silences().empty());
}

TEST(SilenceFinderTest, ABlipDoesNotDivideASilence) {
  auto sound = Noise(2, 0.1);
  Mute(sound, 0.8, 1.0);
  sound[static_cast<size_t>(0.9 * kRate)] = 0.2F;
  EXPECT_EQ(Find(sound).silences().size(), 1u);
}

TEST(SilenceFinderTest, SilenceAtBothEndsLiesNotBetweenSound) {
  auto sound = Noise(2, 0.1);
  Mute(sound, 0, 0.5);
  Mute(sound, 1.5, 2);
  EXPECT_EQ(Find(sound).count(), 0);
}

}  // namespace
}  // namespace reel::inspect
