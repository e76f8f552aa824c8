#include "inspect/click_meter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

ClickMeter Measure(const std::vector<float>& samples) {
  ClickMeter meter(1);
  Feed(meter, {samples});
  return meter;
}

// Voice: a pulse every 8 ms through a resonance.
std::vector<float> Voice(double seconds) {
  double a = 0, b = 0;
  int n = 0;
  return Wave(seconds, [&](double) {
    const double next = 1.8 * a - 0.85 * b + (n++ % 384 == 0 ? 0.05 : 0);
    b = a;
    return a = next;
  });
}

TEST(ClickMeterTest, SoundHasNone) {
  EXPECT_EQ(Measure(Noise(2, 0.1)).count(), 0);
  EXPECT_EQ(Measure(Sine(2, 440, 0.5)).count(), 0);
  EXPECT_EQ(Measure(Voice(2)).count(), 0);
}

TEST(ClickMeterTest, OneSampleIsFoundWhereItIs) {
  auto sound = Noise(3, 0.02);
  sound[static_cast<size_t>(1.7 * kRate)] += 0.8F;
  const ClickMeter meter = Measure(sound);
  ASSERT_EQ(meter.count(), 1);
  EXPECT_NEAR(meter.clicks()[0].time, 1.7, 1e-4);
  EXPECT_GT(meter.clicks()[0].ratio, 30);
  EXPECT_NEAR(meter.clicks()[0].peak_db, -2, 1);
}

TEST(ClickMeterTest, AJumpOfTheWaveIsOne) {
  auto sound = Sine(2, 100, 0.5);
  for (size_t n = kRate; n < sound.size(); ++n) {
    sound[n] = 0.5F * std::cos(static_cast<float>(n) * 0.01309F);
  }
  EXPECT_EQ(Measure(sound).count(), 1);
}

TEST(ClickMeterTest, ADrumGoesOnAndIsNone) {
  auto sound = Noise(2, 0.003);
  const auto drum = Noise(0.2, 0.5, 3);
  for (size_t n = 0; n < drum.size(); ++n) {
    sound[kRate + n] +=
        drum[n] * std::exp(-static_cast<float>(n) / (0.04F * kRate));
  }
  EXPECT_EQ(Measure(sound).count(), 0);
}

TEST(LinearPredictionTest, FindsARecursion) {
  // r[k] of x[n] = 0.9 x[n-1] + noise.
  const std::vector<double> r = {1, 0.9, 0.81, 0.729};
  const auto a = LinearPrediction(r);
  ASSERT_EQ(a.size(), 3u);
  EXPECT_NEAR(a[0], 0.9, 1e-6);
  EXPECT_NEAR(a[1], 0, 1e-6);
  EXPECT_NEAR(a[2], 0, 1e-6);
}

}  // namespace
}  // namespace reel::inspect
