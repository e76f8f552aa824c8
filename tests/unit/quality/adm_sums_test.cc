#include "quality/adm_sums.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

namespace reel::quality {
namespace {

TEST(AdmFiltersTest, AreAWavelets) {
  EXPECT_EQ(std::accumulate(kAdmLow.begin(), kAdmLow.end(), 0), kAdmLowSum);
  EXPECT_EQ(std::accumulate(kAdmHigh.begin(), kAdmHigh.end(), 0), 0);
  EXPECT_NEAR(kAdmLowSum / 32768.0, std::numbers::sqrt2, 1e-4);
}

TEST(AdmInputTest, RepeatsTheLastEdgeOnly) {
  EXPECT_EQ(AdmInput(-1, 5), 1);
  EXPECT_EQ(AdmInput(4, 5), 4);
  EXPECT_EQ(AdmInput(5, 5), 4);
  EXPECT_EQ(AdmInput(6, 5), 3);
}

// Watson et al. 1997: the step just visible is a parabola in log frequency.
TEST(AdmWeightTest, IsThatOfTheVisibilityOfWaveletNoise) {
  constexpr double kAmplitude[kAdmScales][2] = {{0.67234, 0.72709},
                                                {0.41317, 0.49428},
                                                {0.22727, 0.28688},
                                                {0.11792, 0.15214}};
  constexpr double kPixelsPerDegree = 3.0 * 1080 * std::numbers::pi / 180;
  for (int scale = 0; scale < kAdmScales; ++scale) {
    for (const AdmBand band : kAllAdmBands) {
      const bool diagonal = band == kAdmD;
      const double place =
          std::log10(std::exp2(scale + 1) * 0.401 * (diagonal ? 0.534 : 1.0) /
                     kPixelsPerDegree);
      const double step = 2 * 0.495 * std::pow(10.0, 0.466 * place * place) /
                          kAmplitude[scale][diagonal ? 1 : 0];
      EXPECT_NEAR(kAdmWeight[scale][band] * step, 1, 1e-6);
    }
  }
}

TEST(AdmFixedWeightTest, IsTheWeight) {
  for (const AdmBand band : kAllAdmBands) {
    const double one = band == kAdmD ? 0x1p23 : 0x1p21;
    EXPECT_NEAR(static_cast<double>(AdmFixedWeight(0, band)),
                kAdmWeight[0][band] * one, 3);
    for (int scale = 1; scale < kAdmScales; ++scale) {
      EXPECT_NEAR(static_cast<double>(AdmFixedWeight(scale, band)),
                  kAdmWeight[scale][band] * 0x1p32, 1);
    }
  }
}

TEST(AdmRegionTest, LeavesATenthOutAtEachSide) {
  const AdmRegion region = AdmRegionOf(176, 45);
  EXPECT_EQ(region.left, 17);
  EXPECT_EQ(region.right, 159);
  EXPECT_EQ(region.top, 4);
  EXPECT_EQ(region.bottom, 41);
  EXPECT_EQ(region.area(), 142 * 37);
  EXPECT_EQ(AdmRegionOf(2, 2).area(), 4);
}

TEST(AdmShiftsTest, KeepSumsTo64BitsAtAnySize) {
  for (int size = 32; size <= 16384; ++size) {
    int band_size = size;
    for (int scale = 0; scale < kAdmScales; ++scale) {
      band_size = (band_size + 1) / 2;
      for (const AdmBand band : kAllAdmBands) {
        const AdmShifts s = AdmShiftsOf(scale, band, band_size, band_size);
        ASSERT_GE(s.num_cube, 0);
        ASSERT_GE(s.den_cube, 0);
        ASSERT_GE(s.den_row, 0);
        // A row of the largest cubes; scalar/adm.cc has the bounds.
        const double cube = scale == 0 ? 0x1p60 : 0x1p63;
        ASSERT_LE(cube * std::exp2(-s.num_cube) * band_size, 0x1p64);
      }
    }
  }
}

TEST(AdmNumeratorTest, OfNothingIsTheShareOfTheArea) {
  const float share = std::cbrt(142.0F * 37.0F / 32.0F);
  EXPECT_FLOAT_EQ(AdmNumerator(1, 176, 45, {}), 3 * share);
  EXPECT_EQ(AdmNumerator(1, 176, 45, {}), AdmDenominator(1, 176, 45, {}));
}

}  // namespace
}  // namespace reel::quality
