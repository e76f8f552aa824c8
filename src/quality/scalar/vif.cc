#include "quality/scalar/vif.h"

#include <algorithm>
#include <cstdlib>

#include "quality/fixed_point.h"
#include "quality/scalar/image.h"

namespace reel::quality::scalar {
namespace {

// Samples of 16 bit. Products with taps and sums of them have 48 bits.
using Samples = Image<uint64_t>;
using Taps = std::span<const uint32_t>;

// The window's sum over sample(k), k from -radius to radius.
template <typename Sample>
uint64_t Weigh(Taps taps, Sample sample) {
  const int radius = static_cast<int>(taps.size()) - 1;
  uint64_t sum = 0;
  for (int k = -radius; k <= radius; ++k)
    sum += taps[static_cast<size_t>(std::abs(k))] * sample(k);
  return sum;
}

// sample(x, y) through the window down the columns.
template <typename Sample>
Samples FilterColumns(int width, int height, Taps taps, int shift,
                      Sample sample) {
  return MakeImage<uint64_t>(width, height, [&](int x, int y) {
    const uint64_t sum =
        Weigh(taps, [&](int k) { return sample(x, Mirror(y + k, height)); });
    return RoundShift(sum, shift);
  });
}

// Then along the rows.
Samples FilterRows(const Samples& samples, Taps taps, int shift) {
  const int width = samples.width();
  return MakeImage<uint64_t>(width, samples.height(), [&](int x, int y) {
    const uint64_t sum =
        Weigh(taps, [&](int k) { return samples.At(Mirror(x + k, width), y); });
    return RoundShift(sum, shift);
  });
}

// Low-passed by the next scale's window, then every second sample of every
// second row: 16 bit, in 1/256 level of an 8-bit picture.
Samples HalfSize(const Samples& samples, Taps taps, int shift) {
  const Samples smooth =
      FilterRows(FilterColumns(samples.width(), samples.height(), taps, shift,
                               [&](int x, int y) { return samples.At(x, y); }),
                 taps, 16);
  return MakeImage<uint64_t>(
      samples.width() / 2, samples.height() / 2,
      [&](int x, int y) { return smooth.At(2 * x, 2 * y); });
}

// Means of windows, of sum 2^16 and 16 bits, so with 32 bits.
Samples Means(const Samples& a, Taps taps, int shift) {
  return FilterRows(FilterColumns(a.width(), a.height(), taps, shift,
                                  [&](int x, int y) { return a.At(x, y); }),
                    taps, 0);
}

// Means of products of two pictures' samples, 32 bits.
Samples MeanProducts(const Samples& a, const Samples& b, Taps taps, int shift) {
  return FilterRows(
      FilterColumns(a.width(), a.height(), taps, shift,
                    [&](int x, int y) { return a.At(x, y) * b.At(x, y); }),
      taps, 16);
}

// E[ab] - E[a] E[b]: at most 2^30 in magnitude, and the rounding of the means
// may make a variance negative.
int64_t Covariance(uint64_t mean_product, uint64_t mean_a, uint64_t mean_b) {
  return static_cast<int64_t>(mean_product) -
         static_cast<int64_t>(RoundShift(mean_a * mean_b, 32));
}

struct Moments {
  int64_t s1;   // variance of the reference
  int64_t s2;   // variance of the distorted picture, >= 0
  int64_t s12;  // covariance
};

// One pixel's information. Double, in just this order.
void AddPixel(const Moments& m, double gain_limit, const FixedLog2& log2,
              VifSums& sums) {
  if (m.s1 < kVifNoise) {
    ++sums.flat_pixels;
    sums.flat_variance += m.s2;
    return;
  }
  const auto log = [&](int64_t v) { return log2.Of(static_cast<uint64_t>(v)); };
  sums.den_log += log(kVifNoise + m.s1) - log(kVifNoise);
  if (m.s12 <= 0 || m.s2 <= 0) return;
  const double gain =
      static_cast<double>(m.s12) / (static_cast<double>(m.s1) + kVifEpsilon);
  // The noise is what the gain leaves over, however large the gain.
  const double rest =
      static_cast<double>(m.s2) - gain * static_cast<double>(m.s12);
  const int64_t noise =
      kVifNoise + std::max<int64_t>(static_cast<int64_t>(rest), 0);
  const double kept = std::min(gain, gain_limit);
  const auto signal =
      static_cast<int64_t>(kept * kept * static_cast<double>(m.s1));
  sums.num_log += log(noise + signal) - log(noise);
}

VifSums SumsOf(const Samples& reference, const Samples& distorted, Taps taps,
               VifShifts shifts, double gain_limit) {
  const Samples mean1 = Means(reference, taps, shifts.mean);
  const Samples mean2 = Means(distorted, taps, shifts.mean);
  const Samples square1 =
      MeanProducts(reference, reference, taps, shifts.square);
  const Samples square2 =
      MeanProducts(distorted, distorted, taps, shifts.square);
  const Samples product =
      MeanProducts(reference, distorted, taps, shifts.square);

  static const FixedLog2 log2;
  VifSums sums;
  for (int y = 0; y < reference.height(); ++y) {
    for (int x = 0; x < reference.width(); ++x) {
      const uint64_t m1 = mean1.At(x, y), m2 = mean2.At(x, y);
      const int64_t s2 = Covariance(square2.At(x, y), m2, m2);
      AddPixel({Covariance(square1.At(x, y), m1, m1), std::max<int64_t>(s2, 0),
                Covariance(product.At(x, y), m1, m2)},
               gain_limit, log2, sums);
    }
  }
  return sums;
}

}  // namespace

VifScores Vif(const media::Plane& reference, const media::Plane& distorted,
              int bit_depth, double gain_limit) {
  VifScores scores;
  auto r = ImageOf<uint64_t>(reference);
  auto d = ImageOf<uint64_t>(distorted);
  for (int scale = 0; scale < kVifScales; ++scale) {
    const auto at = static_cast<size_t>(scale);
    const Taps taps = kVifTaps[at];
    if (scale > 0) {
      const int shift = VifShiftsOf(scale - 1, bit_depth).mean;
      r = HalfSize(r, taps, shift);
      d = HalfSize(d, taps, shift);
    }
    const VifScale done = FinishVif(
        SumsOf(r, d, taps, VifShiftsOf(scale, bit_depth), gain_limit));
    scores.num[at] = done.num;
    scores.den[at] = done.den;
    scores.ratio[at] = done.ratio;
  }
  return scores;
}

}  // namespace reel::quality::scalar
