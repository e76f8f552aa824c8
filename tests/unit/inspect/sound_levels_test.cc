#include "inspect/sound_levels.h"

#include <gtest/gtest.h>

#include "inspect/sound_facts.h"
#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

TEST(SoundLevelsTest, PowerAndPeakOfFiveMilliseconds) {
  const media::Pcm pcm = {Sine(0.1, 1000, 0.5)};
  const Slice slice = MakeSlice(2, kRate, pcm);
  ASSERT_EQ(slice.levels[0].size(), 20u);
  EXPECT_NEAR(slice.levels[0][7].power, 0.125, 1e-4);
  EXPECT_NEAR(slice.levels[0][7].peak, 0.5, 1e-4);
  EXPECT_NEAR(slice.TimeOfFine(7), 2.035, 1e-9);
}

TEST(SoundLevelsTest, AnIncompleteRestHasNoLevel) {
  const media::Pcm pcm = {std::vector<float>(500, 0.1F)};
  EXPECT_EQ(MakeSlice(0, kRate, pcm).levels[0].size(), 2u);
}

TEST(SoundLevelsTest, DecibelsHaveAFloor) {
  EXPECT_NEAR(PowerDb(0.5), -3.01, 0.01);
  EXPECT_EQ(PowerDb(0), kSilenceDb);
}

}  // namespace
}  // namespace reel::inspect
