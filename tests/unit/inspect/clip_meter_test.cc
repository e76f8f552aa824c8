#include "inspect/clip_meter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

ClippingFacts Measure(const std::vector<float>& samples) {
  ClipMeter meter(1, kRate);
  Feed(meter, {samples});
  return meter.Take();
}

std::vector<float> CutAt(std::vector<float> samples, float level) {
  for (float& sample : samples) sample = std::clamp(sample, -level, level);
  return samples;
}

// As lossy coding does: every sample a bit off.
std::vector<float> Blurred(std::vector<float> samples, double by) {
  const auto noise = Noise(static_cast<double>(samples.size()) / kRate, by, 9);
  for (size_t n = 0; n < samples.size(); ++n) samples[n] += noise[n];
  return samples;
}

TEST(ClipMeterTest, LoudSoundIsNotCut) {
  EXPECT_EQ(Measure(CutAt(Noise(2, 0.2), 1)).ppm, (std::vector<int>{0, 0}));
}

TEST(ClipMeterTest, FlatTopsAtAnyLevel) {
  for (const float level : {1.0F, 0.5F}) {
    const auto facts = Measure(CutAt(Noise(2, level * 0.6), level));
    ASSERT_EQ(facts.ppm.size(), 2u);
    EXPECT_GT(facts.ppm[0], 10'000) << level;
    EXPECT_NEAR(facts.level, level, 0.02);
  }
}

TEST(ClipMeterTest, OnlyTheSecondThatIsCut) {
  auto sound = Noise(3, 0.2);
  for (size_t n = kRate; n < 2 * kRate; ++n) sound[n] *= 4;
  const auto facts = Measure(CutAt(sound, 1));
  EXPECT_EQ(facts.ppm[0], 0);
  EXPECT_GT(facts.ppm[1], 10'000);
  EXPECT_EQ(facts.ppm[2], 0);
}

TEST(ClipMeterTest, PileUpWhereTopsAreNoLongerFlat) {
  const auto facts = Measure(Blurred(CutAt(Noise(2, 0.8), 1), 0.02));
  EXPECT_GT(facts.ppm[0], 10'000);
  EXPECT_NEAR(facts.level, 1, 0.05);
  EXPECT_GT(facts.overs, 1000);
}

TEST(ClipMeterTest, ATonePilesUpByNature) {
  EXPECT_EQ(Measure(Sine(1, 1000, 0.99)).ppm, (std::vector<int>{0}));
}

TEST(ClipMeterTest, RoundTopsOfBassAreNotFlat) {
  auto bass = Sine(1, 45, 0.9);
  // 16 bits make a few samples of each top equal.
  for (float& sample : bass) sample = std::round(sample * 32768) / 32768;
  EXPECT_EQ(Measure(bass).ppm[0], 0);
}

TEST(ClipMeterTest, ALimiterScalesAndDoesNotCut) {
  auto sound = Noise(2, 0.6);
  // The gain follows the envelope of 10 ms.
  for (size_t n = 0; n < sound.size(); n += 480) {
    float peak = 0;
    for (size_t k = n; k < n + 480; ++k)
      peak = std::max(peak, std::abs(sound[k]));
    for (size_t k = n; k < n + 480; ++k)
      sound[k] *= std::min(1.0F, 0.97F / peak);
  }
  EXPECT_LT(Measure(sound).ppm[0], 10'000);
}

}  // namespace
}  // namespace reel::inspect
