#include "quality/vif_sums.h"

#include <bit>
#include <cmath>

namespace reel::quality {

// libvmaf's table is made of log2 in float: 38 entries are one off the
// nearest. Rounding the double's gives the same on every C library.
FixedLog2::FixedLog2() : table_(1 << 15) {
  for (size_t i = 0; i < table_.size(); ++i) {
    const auto argument = static_cast<double>((1 << 15) + i);
    const auto log = static_cast<float>(std::log2(argument));
    table_[i] = static_cast<uint16_t>(std::lround(kOne * log));
  }
}

int32_t FixedLog2::Of(uint64_t value) const {
  const int shift = static_cast<int>(std::bit_width(value)) - 16;
  return table_[static_cast<size_t>((value >> shift) - (1 << 15))] +
         kOne * shift;
}

namespace {
double Bits(int64_t log_sum) {
  return static_cast<double>(log_sum) / FixedLog2::kOne;
}
}  // namespace

// A flat pixel has 1 bit; of it the distorted picture loses its variance over
// that of half the range: 4 s2 / 255^2, s2 in 2^-16.
float VifNumerator(const VifSums& sums) {
  const double lost =
      static_cast<double>(sums.flat_variance) / 16384.0 / 65025.0;
  return static_cast<float>(Bits(sums.num_log) +
                            (static_cast<double>(sums.flat_pixels) - lost));
}

float VifDenominator(const VifSums& sums) {
  return static_cast<float>(Bits(sums.den_log) +
                            static_cast<double>(sums.flat_pixels));
}

VifScale FinishVif(const VifSums& sums) {
  const float num = VifNumerator(sums);
  const float den = VifDenominator(sums);
  return {num, den, num / den};
}

}  // namespace reel::quality
