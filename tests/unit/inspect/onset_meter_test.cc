#include "inspect/onset_meter.h"

#include <gtest/gtest.h>

#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

// `sound` from `start` on, over noise of -80 dBFS.
std::vector<float> At(double start, const std::vector<float>& sound,
                      double seconds) {
  auto out = Noise(seconds, 1e-4);
  for (size_t n = 0; n < sound.size(); ++n) {
    out[static_cast<size_t>(start * kRate) + n] += sound[n];
  }
  return out;
}

TEST(OnsetMeterTest, ABeepIsFoundToTheSample) {
  OnsetMeter meter;
  Feed(meter, {At(1.2345, Sine(0.04, 1000, 0.25), 2)});
  ASSERT_EQ(meter.beeps().size(), 1u);
  EXPECT_NEAR(meter.beeps()[0].start, 1.2345, 1e-4);
  EXPECT_NEAR(meter.beeps()[0].seconds, 0.04, 0.006);
  EXPECT_NEAR(meter.beeps()[0].hz, 1000, 20);
  EXPECT_NEAR(meter.beeps()[0].level_db, -15, 0.5);
  const auto onsets = meter.TakeOnsets();
  ASSERT_EQ(onsets.size(), 1u);
  EXPECT_NEAR(onsets[0].time, 1.2345, 0.006);
  EXPECT_GT(onsets[0].rise_db, 40);
}

TEST(OnsetMeterTest, InAnyChannel) {
  OnsetMeter meter;
  const auto quiet = Noise(2, 1e-4);
  Feed(meter, {quiet, quiet, At(1, Sine(0.08, 1000, 0.25), 2)});
  EXPECT_EQ(meter.beeps().size(), 1u);
}

TEST(OnsetMeterTest, NoiseAndLongTonesAreNoBeeps) {
  OnsetMeter meter;
  Feed(meter, {At(1, Noise(0.08, 0.2), 2)});
  EXPECT_EQ(meter.TakeOnsets().size(), 1u);
  EXPECT_TRUE(meter.beeps().empty());
  OnsetMeter other;
  Feed(other, {At(1, Sine(2, 1000, 0.25), 4)});
  EXPECT_TRUE(other.beeps().empty());
}

TEST(OnsetMeterTest, SteadySoundHasNoOnset) {
  OnsetMeter meter;
  Feed(meter, {Noise(2, 0.1)});
  EXPECT_TRUE(meter.TakeOnsets().empty());
}

}  // namespace
}  // namespace reel::inspect
