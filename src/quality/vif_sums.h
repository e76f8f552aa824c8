// What VIF's integer extractor is made of: windows, the fixed-point logarithm,
// and how whole-numbered sums over a picture become scores. scalar/vif.h has
// the method; kernels make the same sums and finish them here.
//
// Order of floating-point operations, for equality with libvmaf: per pixel all
// is double (see scalar/vif.cc). Sums are whole numbers, so their order does
// not matter. Numerator and denominator of a scale are made in double and
// rounded to float once; their ratio is a division of floats.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace reel::quality {

inline constexpr int kVifScales = 4;

// The right half of each scale's window, its middle first: Gaussians of
// sigma N/5 for N = 17, 9, 5, 3. A whole window sums to 2^16.
inline constexpr std::array<uint32_t, 9> kVifTaps0{7784, 7455, 6547, 5274, 3896,
                                                   2640, 1640, 935,  489};
inline constexpr std::array<uint32_t, 5> kVifTaps1{14692, 12590, 7925, 3663,
                                                   1244};
inline constexpr std::array<uint32_t, 3> kVifTaps2{26386, 16004, 3571};
inline constexpr std::array<uint32_t, 2> kVifTaps3{43728, 10904};
inline constexpr std::array<std::span<const uint32_t>, kVifScales> kVifTaps{
    kVifTaps0, kVifTaps1, kVifTaps2, kVifTaps3};

// Variances are in 2^-16 squared levels of an 8-bit picture.
// The visual noise, sigma_nsq = 2: below it a picture counts as flat.
inline constexpr int32_t kVifNoise = 2 << 16;
// Keeps the gain finite.
inline constexpr double kVifEpsilon = 65536 * 1.0e-10;

// How moments are scaled: a scale's samples are raw at scale 0, then in 1/256
// of an 8-bit level.
struct VifShifts {
  int mean;    // after the vertical pass over samples
  int square;  // after the vertical pass over products of samples
};
constexpr VifShifts VifShiftsOf(int scale, int bit_depth) {
  if (scale == 0) return {bit_depth, 2 * (bit_depth - 8)};
  return {16, 16};
}

// log2 in units of 1/kOne: the 16 leading bits of a number through a table,
// bits below them cut off.
class FixedLog2 {
 public:
  static constexpr int kOne = 2048;
  FixedLog2();
  // log2(value) * kOne; value >= 2^15.
  int32_t Of(uint64_t value) const;
  // table()[i] = round(kOne * log2(2^15 + i))
  std::span<const uint16_t> table() const { return table_; }

 private:
  std::vector<uint16_t> table_;
};

// Sums over all pixels of a scale.
struct VifSums {
  int64_t num_log = 0;        // of pixels with detail, in 1/FixedLog2::kOne bit
  int64_t den_log = 0;        // likewise
  int64_t flat_pixels = 0;    // where the reference has less than the noise
  int64_t flat_variance = 0;  // the distorted picture's at those
};

// Information of a scale in bits.
struct VifScale {
  double num = 0;    // what the distorted picture keeps
  double den = 0;    // the reference's
  double ratio = 1;  // den is at least 1 a flat pixel, and never 0
};
float VifNumerator(const VifSums& sums);
float VifDenominator(const VifSums& sums);
VifScale FinishVif(const VifSums& sums);

}  // namespace reel::quality
