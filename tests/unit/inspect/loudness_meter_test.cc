#include "inspect/loudness_meter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

LoudnessFacts Measure(const media::Pcm& pcm, const std::string& layout) {
  auto meter =
      LoudnessMeter::Create(static_cast<int>(pcm.size()), layout, kRate);
  Feed(*meter, pcm);
  return meter->Take();
}

double Amplitude(double dbfs) { return std::pow(10, dbfs / 20); }

// EBU Tech 3341, table 1, cases 1 and 2.
TEST(LoudnessMeterTest, AToneOfMinus23OnBothSidesIsMinus23Lufs) {
  const auto tone = Sine(20, 1000, Amplitude(-23));
  const auto facts = Measure({tone, tone}, "stereo");
  ASSERT_TRUE(facts.known);
  EXPECT_NEAR(facts.integrated_lufs, -23, 0.1);
  EXPECT_NEAR(facts.max_momentary_lufs, -23, 0.1);
  EXPECT_NEAR(facts.max_short_term_lufs, -23, 0.1);
  EXPECT_NEAR(facts.range_lu, 0, 0.1);
  EXPECT_NEAR(facts.true_peak_dbtp, -23, 0.1);
  ASSERT_EQ(facts.momentary.size(), 200u);
  EXPECT_NEAR(facts.momentary[100], -230, 1);
}

// Tech 3341, case 6: -28 L and R, -24 C, -30 surrounds.
TEST(LoudnessMeterTest, FiveChannelsHaveTheirWeights) {
  const auto tone = [](double dbfs) { return Sine(20, 1000, Amplitude(dbfs)); };
  const auto facts =
      Measure({tone(-28), tone(-28), tone(-24), tone(0), tone(-30), tone(-30)},
              "5.1(side)");
  EXPECT_NEAR(facts.integrated_lufs, -23, 0.1) << "LFE does not count";
}

// Tech 3341, case 15: a quarter of the rate, 45 degrees off the samples.
TEST(LoudnessMeterTest, TruePeakLiesBetweenSamples) {
  const auto tone = Wave(1, [](double t) {
    return 0.5 * std::sin(2 * std::numbers::pi * (kRate / 4.0 * t) +
                          std::numbers::pi / 4);
  });
  EXPECT_NEAR(Measure({tone}, "mono").true_peak_dbtp, -6, 0.3);
}

TEST(LoudnessMeterTest, TruePeakIsThatOfTheLibrary) {
  const auto sound = Noise(3, 0.2);
  ebur128_state* library = ebur128_init(1, kRate, EBUR128_MODE_TRUE_PEAK);
  ebur128_add_frames_float(library, sound.data(), sound.size());
  double want = 0;
  ebur128_true_peak(library, 0, &want);
  ebur128_destroy(&library);
  TruePeakMeter meter;
  for (size_t n = 0; n < sound.size(); n += 1000) {
    meter.See({sound.begin() + static_cast<int64_t>(n),
               sound.begin() + static_cast<int64_t>(n + 1000)});
  }
  EXPECT_NEAR(meter.peak(), want, 1e-4 * want);
}

TEST(LoudnessMeterTest, SilenceHasNone) {
  const auto facts = Measure({std::vector<float>(kRate)}, "mono");
  EXPECT_FALSE(facts.known);
  EXPECT_EQ(facts.true_peak_dbtp, kSilenceDb);
}

TEST(LoudnessMeterTest, AGapTakesItsTime) {
  auto meter = LoudnessMeter::Create(1, "mono", kRate);
  meter->Skip(1.5);
  EXPECT_EQ(meter->Take().momentary, std::vector<int>(15, -1200));
}

TEST(LoudnessMeterTest, NoChannelsAreAnError) {
  EXPECT_EQ(LoudnessMeter::Create(0, "", kRate).error().code,
            base::Code::kUnsupported);
}

}  // namespace
}  // namespace reel::inspect
