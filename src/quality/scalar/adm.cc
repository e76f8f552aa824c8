#include "quality/scalar/adm.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "quality/fixed_point.h"
#include "quality/scalar/image.h"

namespace reel::quality::scalar {
namespace {

// Values of bands have 32 bits (16 at scale 0), however extreme the picture:
// the filters' gain is at most 54822 / 2^15 a pass. Products of two fit 63.
using Samples = Image<int64_t>;

struct Level {
  Samples approximation;
  std::array<Samples, kAdmBands> detail;
};

using Filter = std::array<int32_t, 4>;

Samples FilterColumns(const Samples& in, const Filter& filter, int64_t bias,
                      int shift) {
  const int height = in.height();
  return MakeImage<int64_t>(in.width(), (height + 1) / 2, [&](int x, int y) {
    int64_t sum = -bias;
    for (int k = 0; k < 4; ++k)
      sum += filter[static_cast<size_t>(k)] *
             in.At(x, AdmInput(2 * y - 1 + k, height));
    return RoundShift(sum, shift);
  });
}

Samples FilterRows(const Samples& in, const Filter& filter, int shift) {
  const int width = in.width();
  return MakeImage<int64_t>((width + 1) / 2, in.height(), [&](int x, int y) {
    int64_t sum = 0;
    for (int k = 0; k < 4; ++k)
      sum += filter[static_cast<size_t>(k)] *
             in.At(AdmInput(2 * x - 1 + k, width), y);
    return RoundShift(sum, shift);
  });
}

// One level of the wavelet of the picture, or of the level before.
Level Transform(const Samples& in, int scale, int bit_depth) {
  const AdmWavelet wavelet = AdmWaveletOf(scale, bit_depth);
  const int64_t mid_grey =
      scale == 0 ? int64_t{kAdmLowSum} << (bit_depth - 1) : 0;
  const Samples low =
      FilterColumns(in, kAdmLow, mid_grey, wavelet.column_shift);
  const Samples high = FilterColumns(in, kAdmHigh, 0, wavelet.column_shift);
  const int shift = wavelet.row_shift;
  return {FilterRows(low, kAdmLow, shift),
          {FilterRows(high, kAdmLow, shift), FilterRows(low, kAdmHigh, shift),
           FilterRows(high, kAdmHigh, shift)}};
}

// --- Decoupling
// ---------------------------------------------------------------

// Whether the distorted picture's gradient (th, tv) is within one degree of the
// reference's: then they differ in contrast only. Floats on purpose: near-ties
// of low contrast go one way or the other, which moves VMAF by 0.01.
bool SameDirection(int64_t oh, int64_t ov, int64_t th, int64_t tv) {
  constexpr float kCosSquared = 0.99969541F;  // of one degree
  const auto scaled = [](int64_t v) {
    return double{static_cast<float>(v)} / 4096.0;
  };
  const double dot = scaled(oh * th + ov * tv);
  const double o = scaled(oh * oh + ov * ov);
  const double t = scaled(th * th + tv * tv);
  return dot >= 0 && dot * dot >= double{kCosSquared} * o * t;
}

// t / o in 1/2^15, by o's reciprocal of 15 bits, clamped to 0..1.
int64_t Gain(int64_t o, int64_t t) {
  constexpr int64_t kOne = 32768;
  if (o == 0) return kOne;
  const auto magnitude = static_cast<uint64_t>(std::abs(o));
  const int shift =
      std::max(static_cast<int>(std::bit_width(magnitude)) - 15, 0);
  const auto n = static_cast<int64_t>(RoundShift(magnitude, shift));
  const int64_t reciprocal = (int64_t{1} << 30) / n;
  const int64_t gain = RoundShift(reciprocal * (o < 0 ? -t : t), 15 + shift);
  return std::clamp(gain, int64_t{0}, kOne);
}

// What the distorted picture's t restores of the reference's o.
int64_t Restored(int64_t o, int64_t t, bool same_direction, double gain_limit) {
  const int64_t product = Gain(o, t) * o;
  const int64_t restored = RoundShift(product, 15);
  if (!same_direction || product == 0) return restored;
  const double enhanced = static_cast<double>(restored) * gain_limit;
  const auto limit = static_cast<double>(t);
  return static_cast<int64_t>(product > 0 ? std::min(enhanced, limit)
                                          : std::max(enhanced, limit));
}

struct Split {
  std::array<Samples, kAdmBands> restored;
  std::array<Samples, kAdmBands> added;
};

Split Decouple(const Level& reference, const Level& distorted,
               double gain_limit) {
  Split split{reference.detail, reference.detail};
  const auto& o = reference.detail;
  const auto& t = distorted.detail;
  for (int y = 0; y < o[kAdmH].height(); ++y) {
    for (int x = 0; x < o[kAdmH].width(); ++x) {
      const bool same = SameDirection(o[kAdmH].At(x, y), o[kAdmV].At(x, y),
                                      t[kAdmH].At(x, y), t[kAdmV].At(x, y));
      for (const AdmBand band : kAllAdmBands) {
        const int64_t distorted_value = t[band].At(x, y);
        const int64_t restored =
            Restored(o[band].At(x, y), distorted_value, same, gain_limit);
        split.restored[band].At(x, y) = restored;
        split.added[band].At(x, y) = distorted_value - restored;
      }
    }
  }
  return split;
}

// --- Masking
// ------------------------------------------------------------------

// What one value of the added part hides at its neighbours (1/30 of its
// weighted magnitude) and at its own place (1/15).
struct Mask {
  int64_t neighbour;
  int64_t centre;
};

// Scale 0 is kept in 16 bits; the centre's may wrap around at the most extreme
// contrasts, and does so in libvmaf.
Mask MaskAtScale0(AdmBand band, int64_t added) {
  const int64_t product = added * AdmFixedWeight(0, band);
  const int64_t weighted =
      band == kAdmD ? (product + 65535) >> 17 : RoundShift(product, 15);
  const int64_t magnitude = std::abs(int64_t{static_cast<int16_t>(weighted)});
  return {static_cast<int16_t>(RoundShift(4369 * magnitude, 12)),
          static_cast<int16_t>(RoundShift(8738 * magnitude, 12))};
}

// Half is taken away where it should be added: libvmaf's constant overflows.
// Nothing added thus masks -1 of the last place.
Mask MaskAtHigherScale(int scale, AdmBand band, int64_t added) {
  constexpr int64_t kHalf = int64_t{1} << 31;
  const int64_t magnitude =
      std::abs(RoundShift(added * AdmFixedWeight(scale, band), 28));
  return {(143165577 * magnitude - kHalf) >> 32,
          (286331153 * magnitude - kHalf) >> 32};
}

// The threshold around each pixel, common to the three bands: what the added
// parts of all of them mask there.
Samples MaskingThreshold(int scale,
                         const std::array<Samples, kAdmBands>& added) {
  const int width = added[kAdmH].width(), height = added[kAdmH].height();
  Samples neighbour(width, height), centre(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const AdmBand band : kAllAdmBands) {
        const int64_t value = added[band].At(x, y);
        const Mask mask = scale == 0 ? MaskAtScale0(band, value)
                                     : MaskAtHigherScale(scale, band, value);
        neighbour.At(x, y) += mask.neighbour;
        centre.At(x, y) += mask.centre;
      }
    }
  }
  return MakeImage<int64_t>(width, height, [&](int x, int y) {
    int64_t sum = centre.At(x, y) - neighbour.At(x, y);
    for (int dy = -1; dy <= 1; ++dy)
      for (int dx = -1; dx <= 1; ++dx)
        sum += neighbour.At(AdmInput(x + dx, width), AdmInput(y + dy, height));
    return sum;
  });
}

// --- Sums
// ---------------------------------------------------------------------

// A restored value, weighted, as far as it is above the threshold.
int64_t Visible(int scale, AdmBand band, int64_t restored, int64_t threshold) {
  const int64_t weighted = restored * AdmFixedWeight(scale, band);
  const int64_t visible =
      scale == 0
          ? std::abs(weighted) - threshold * (band == kAdmD ? 4096 : 1024)
          : std::abs(RoundShift(weighted, 28)) - threshold;
  return std::max<int64_t>(visible, 0);
}

// Sum over the region of cube(x, y), each row rounded. A row of the most
// extreme cubes takes all 64 bits.
template <typename Cube>
uint64_t SumOverRegion(int width, int height, int row_shift, Cube cube) {
  const AdmRegion region = AdmRegionOf(width, height);
  uint64_t total = 0;
  for (int y = region.top; y < region.bottom; ++y) {
    uint64_t row = 0;
    for (int x = region.left; x < region.right; ++x)
      row += static_cast<uint64_t>(cube(x, y));
    total += RoundShift(row, row_shift);
  }
  return total;
}

// Values are below 2^30.5, so squares below 2^31 and cubes below 2^61.5.
AdmSums NumeratorSums(int scale, const Split& split) {
  const Samples threshold = MaskingThreshold(scale, split.added);
  const int width = threshold.width(), height = threshold.height();
  AdmSums sums{};
  for (const AdmBand band : kAllAdmBands) {
    const AdmShifts shifts = AdmShiftsOf(scale, band, width, height);
    sums[band] =
        SumOverRegion(width, height, shifts.num_row, [&](int x, int y) {
          const int64_t value = Visible(
              scale, band, split.restored[band].At(x, y), threshold.At(x, y));
          const int64_t square = RoundShift(value * value, shifts.num_square);
          return RoundShift(square * value, shifts.num_cube);
        });
  }
  return sums;
}

// Squares are rounded by a whole unit rather than a half.
int64_t ReferenceSquare(int64_t value, int shift) {
  if (shift == 0) return value * value;
  return (value * value + (int64_t{1} << shift)) >> shift;
}

AdmSums DenominatorSums(int scale, const Level& reference) {
  const int width = reference.approximation.width();
  const int height = reference.approximation.height();
  AdmSums sums{};
  for (const AdmBand band : kAllAdmBands) {
    const AdmShifts shifts = AdmShiftsOf(scale, band, width, height);
    sums[band] =
        SumOverRegion(width, height, shifts.den_row, [&](int x, int y) {
          const int64_t value = std::abs(reference.detail[band].At(x, y));
          return RoundShift(ReferenceSquare(value, shifts.den_square) * value,
                            shifts.den_cube);
        });
  }
  return sums;
}

}  // namespace

AdmScores Adm(const media::Plane& reference, const media::Plane& distorted,
              int bit_depth, double gain_limit) {
  AdmScores scores;
  auto o = ImageOf<int64_t>(reference);
  auto t = ImageOf<int64_t>(distorted);
  for (int scale = 0; scale < kAdmScales; ++scale) {
    Level from = Transform(o, scale, bit_depth);
    Level to = Transform(t, scale, bit_depth);
    const int width = from.approximation.width();
    const int height = from.approximation.height();
    const Split split = Decouple(from, to, gain_limit);
    const auto at = static_cast<size_t>(scale);
    scores.num[at] =
        AdmNumerator(scale, width, height, NumeratorSums(scale, split));
    scores.den[at] =
        AdmDenominator(scale, width, height, DenominatorSums(scale, from));
    o = std::move(from.approximation);
    t = std::move(to.approximation);
  }
  FinishAdm(scores);
  return scores;
}

}  // namespace reel::quality::scalar
