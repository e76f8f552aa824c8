// What ADM's integer extractor is made of: wavelet filters, weights, the
// scaling of its numbers, and how whole-numbered sums over a scale become
// scores. scalar/adm.h has the method; kernels make the same sums and finish
// them here.
//
// Order of floating-point operations, for equality with libvmaf: a sum becomes
// a value in double (times W cubed, of a float W, in the denominator), is
// rounded to float, and has its cube root taken in float; the share of the area
// is added in float, and the bands in the order h, v, d, also in float. Scales
// are added in double.
#pragma once

#include <array>
#include <cstdint>

namespace reel::quality {

inline constexpr int kAdmScales = 4;

// The bands with detail of a wavelet level, by what they answer to: edges along
// rows, along columns, and diagonals.
enum AdmBand { kAdmH, kAdmV, kAdmD };
inline constexpr int kAdmBands = 3;
inline constexpr std::array<AdmBand, kAdmBands> kAllAdmBands{kAdmH, kAdmV,
                                                             kAdmD};

// Daubechies' wavelet of 4 taps in 1/2^15: output i takes inputs 2i-1 .. 2i+2.
inline constexpr std::array<int32_t, 4> kAdmLow{15826, 27411, 7345, -4240};
inline constexpr std::array<int32_t, 4> kAdmHigh{-4240, -7345, 27411, -15826};
// Taken from samples' low pass of b bits, times 2^(b-1), so that it fits 16 bit
// around 0: kAdmLow of mid-grey.
inline constexpr int32_t kAdmLowSum = 46342;

// An index beyond a side of the wavelet's input: mirrored without repeating the
// edge before the first sample, repeating it after the last.
constexpr int AdmInput(int index, int size) {
  if (index < 0) return -index;
  return index < size ? index : 2 * size - 1 - index;
}

// Roundings of a level's passes, and the fraction bits that its bands have
// then.
struct AdmWavelet {
  int column_shift;  // the depth of samples at level 0
  int row_shift;
  int fraction_bits;
};
constexpr AdmWavelet AdmWaveletOf(int scale, int bit_depth) {
  switch (scale) {
    case 0:
      return {bit_depth, 16, 6};
    case 1:
      return {0, 15, 21};
    case 2:
      return {16, 16, 19};
    default:
      return {16, 15, 18};
  }
}

// What a scale's sums run over: its bands without a tenth at each side. Its
// neighbours, one further, may lie outside the bands.
struct AdmRegion {
  int left, top, right, bottom;
  int64_t area() const { return int64_t{right - left} * (bottom - top); }
};
AdmRegion AdmRegionOf(int width, int height);
// The region with its neighbours, as far as they lie inside the bands.
AdmRegion AdmRegionAndNeighbours(int width, int height);

// The eye's sensitivity: 1 / the quantisation step that it just sees in a band
// of the 9/7 wavelet (Watson, Yang, Solomon, Villasenor, "Visibility of Wavelet
// Quantization Noise", 1997) at three picture heights from 1080 lines.
inline constexpr float kAdmWeight[kAdmScales][kAdmBands] = {
    {0.0173815377F, 0.0173815377F, 0.00589068700F},
    {0.0319848284F, 0.0319848284F, 0.0142990677F},
    {0.0433726609F, 0.0433726609F, 0.0243969075F},
    {0.0456734113F, 0.0456734113F, 0.0313127376F}};

// The same in 1/2^21 (h, v) and 1/2^23 (d) at scale 0, slightly too large, and
// in 1/2^32 at the others.
constexpr int64_t AdmFixedWeight(int scale, AdmBand band) {
  if (scale == 0) return band == kAdmD ? 49417 : 36453;
  return static_cast<int64_t>(double{kAdmWeight[scale][band]} * 0x1p32);
}

// Shifts on the way to a scale's sums, each rounding but for den_square (see
// scalar/adm.cc), and the fraction bits of the sums.
struct AdmShifts {
  int num_square, num_cube, num_row, num_fraction;
  int den_square, den_cube, den_row, den_fraction;
};
//   width, height  of the scale's bands
AdmShifts AdmShiftsOf(int scale, AdmBand band, int width, int height);

// Sums of cubes per band, after the shifts of rows.
using AdmSums = std::array<uint64_t, kAdmBands>;

//   width, height  of the scale's bands
float AdmNumerator(int scale, int width, int height, const AdmSums& sums);
float AdmDenominator(int scale, int width, int height, const AdmSums& sums);

struct AdmScores {
  std::array<double, kAdmScales> num{}, den{};
  double adm2 = 1;
};
// Sets adm2 from num and den.
void FinishAdm(AdmScores& scores);

}  // namespace reel::quality
