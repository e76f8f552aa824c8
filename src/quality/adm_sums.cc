#include "quality/adm_sums.h"

#include <algorithm>
#include <cmath>

#include "quality/fixed_point.h"

namespace reel::quality {
namespace {

int Border(int size) { return static_cast<int>(size * 0.1 - 0.5); }

float CubeRoot(float value) { return std::pow(value, 1.0F / 3.0F); }

// Each pixel counts as if it had an error just not seen: 1/32 of a cube.
float CubeRootWithArea(double value, int64_t area) {
  return CubeRoot(static_cast<float>(value)) +
         CubeRoot(static_cast<float>(area) / 32.0F);
}

}  // namespace

AdmRegion AdmRegionOf(int width, int height) {
  const int left = Border(width), top = Border(height);
  return {left, top, width - left, height - top};
}

AdmRegion AdmRegionAndNeighbours(int width, int height) {
  const AdmRegion region = AdmRegionOf(width, height);
  return {std::max(region.left - 1, 0), std::max(region.top - 1, 0),
          std::min(region.right + 1, width),
          std::min(region.bottom + 1, height)};
}

// Cubes are shifted by about the size's logarithm so that their sum keeps to 64
// bits. A number of x bits with f fraction bits, squared, shifted by s, cubed
// and shifted by t has 3 f - s - t fraction bits.
AdmShifts AdmShiftsOf(int scale, AdmBand band, int width, int height) {
  const AdmRegion region = AdmRegionOf(width, height);
  const auto log2 = [](int64_t v) {
    return CeilLog2(static_cast<uint64_t>(v));
  };
  const int bits = AdmWaveletOf(scale, 8).fraction_bits;
  AdmShifts s{};
  int weighted_bits;  // of a band times its weight
  if (scale == 0) {
    const bool diagonal = band == kAdmD;
    weighted_bits = bits + (diagonal ? 23 : 21);
    s.num_square = diagonal ? 30 : 29;
    s.num_cube = log2(width) - (diagonal ? 3 : 4);
    s.den_row = std::max(0, log2(region.area()) - 20);
  } else {
    weighted_bits = bits + 4;
    s.num_square = 30;
    s.num_cube = log2(width);
    s.den_square = scale == 2 ? 30 : 31;
    s.den_cube = log2(region.right - region.left);
    s.den_row = log2(region.bottom - region.top);
  }
  s.num_row = log2(height);
  s.num_fraction = 3 * weighted_bits - s.num_square - s.num_cube - s.num_row;
  s.den_fraction = 3 * bits - s.den_square - s.den_cube - s.den_row;
  return s;
}

float AdmNumerator(int scale, int width, int height, const AdmSums& sums) {
  const int64_t area = AdmRegionOf(width, height).area();
  float total = 0;
  for (const AdmBand band : kAllAdmBands) {
    const int bits = AdmShiftsOf(scale, band, width, height).num_fraction;
    total += CubeRootWithArea(
        std::ldexp(static_cast<double>(sums[band]), -bits), area);
  }
  return total;
}

float AdmDenominator(int scale, int width, int height, const AdmSums& sums) {
  const int64_t area = AdmRegionOf(width, height).area();
  float total = 0;
  for (const AdmBand band : kAllAdmBands) {
    const int bits = AdmShiftsOf(scale, band, width, height).den_fraction;
    const double weight = kAdmWeight[scale][band];
    total +=
        CubeRootWithArea(std::ldexp(static_cast<double>(sums[band]), -bits) *
                             (weight * weight * weight),
                         area);
  }
  return total;
}

// libvmaf takes sums below 1e-10 for 0; the share of the area never lets them
// be so small.
void FinishAdm(AdmScores& scores) {
  double num = 0, den = 0;
  for (size_t scale = 0; scale < kAdmScales; ++scale) {
    num += scores.num[scale];
    den += scores.den[scale];
  }
  scores.adm2 = num / den;
}

}  // namespace reel::quality
