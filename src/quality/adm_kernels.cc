#include "quality/adm_kernels.h"

#include <algorithm>
#include <utility>

#include "quality/fixed_point.h"
#include "quality/pair_taps.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quality/adm_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quality/kernel_ops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace reel::quality {
namespace HWY_NAMESPACE {

constexpr hn::Half<DI32> dhalf32;
constexpr size_t kWide = hn::MaxLanes(DI32());  // columns, 32 bit

// --- Wavelet
// ------------------------------------------------------------------

struct FilterTaps {
  int32_t first;   // of inputs 2i - 1 and 2i
  int32_t second;  // of inputs 2i + 1 and 2i + 2
  int32_t sum;     // of all taps; even
};
constexpr FilterTaps TapsOf(const std::array<int32_t, 4>& taps) {
  const auto pair = [&](size_t i) {
    return Pair(static_cast<uint16_t>(taps[i]),
                static_cast<uint16_t>(taps[i + 1]));
  };
  return {pair(0), pair(2), taps[0] + taps[1] + taps[2] + taps[3]};
}
constexpr FilterTaps kLow = TapsOf(kAdmLow);
constexpr FilterTaps kHigh = TapsOf(kAdmHigh);
static_assert(kLow.sum == kAdmLowSum && kHigh.sum == 0);

HWY_INLINE VI32 Weigh(VI16 first, VI16 second, const FilterTaps& taps,
                      int32_t start) {
  PairSum sum(start);
  sum.Add(first, SetTaps(taps.first));
  sum.Add(second, SetTaps(taps.second));
  return sum.Get();
}

// Of numbers of 32 bits by their words, the low ones less 2^15:
// round(sum / 2^kShift), kShift 15 or 16.
template <int kShift>
HWY_INLINE VI32 WeighWide(VI16 high_first, VI16 high_second, VI16 low_first,
                          VI16 low_second, const FilterTaps& taps) {
  const VI32 high = Weigh(high_first, high_second, taps, 0);
  const VI32 low =
      Weigh(low_first, low_second, taps, int32_t{1} << (kShift - 1));
  const VI32 offset = hn::Set(di32, taps.sum << 15 >> kShift);
  return hn::Add(hn::Add(hn::ShiftLeft<16 - kShift>(high), offset),
                 hn::ShiftRight<kShift>(low));
}

// The four input rows of an output row.
template <typename Sample>
using InputRows = std::array<const Sample*, 4>;

// Rows after the pass along columns: of words, or of words high and low.
struct WordRows {
  int16_t* low;      // low pass
  int16_t* high;     // high pass
  int16_t* low_low;  // low words of them, unused at scale 0
  int16_t* high_low;
};

HWY_INLINE VU16 LoadWords(const int16_t* row, size_t x) {
  return hn::BitCast(du16, hn::Load(di16, row + x));
}

// The pass along columns at scale 0: rounded by the samples' depth.
template <typename Sample>
void FilterSamples(const InputRows<Sample>& in, size_t width, int bit_depth,
                   const WordRows& out) {
  // Samples of 16 bits are centred to be signed.
  constexpr int32_t kBias = sizeof(Sample) == 1 ? 0 : 1 << 15;
  const VU16 bias = hn::Set(du16, static_cast<uint16_t>(kBias));
  const int32_t half = int32_t{1} << (bit_depth - 1);
  // Modulo 2^32, as are the sums; what comes out has 16 bits.
  const auto low_start = static_cast<int32_t>(
      static_cast<uint32_t>(kAdmLowSum) * static_cast<uint32_t>(kBias - half) +
      static_cast<uint32_t>(half));
  for (size_t x = 0; x < width; x += kGroup) {
    const auto load = [&](int i) {
      return hn::Sub(LoadSamples(in[static_cast<size_t>(i)], x, width), bias);
    };
    const RowPair first = PairOf(load(0), load(1));
    const RowPair second = PairOf(load(2), load(3));
    const auto filter = [&](const FilterTaps& taps, int32_t start) {
      const auto half_of = [&](VI16 a, VI16 b) {
        return hn::ShiftRightSame(Weigh(a, b, taps, start), bit_depth);
      };
      return MergeLow(half_of(first.even, second.even),
                      half_of(first.odd, second.odd));
    };
    hn::Store(filter(kLow, low_start), di16, out.low + x);
    hn::Store(filter(kHigh, half), di16, out.high + x);
  }
}

// At scale 1: exact.
void FilterNarrow(const InputRows<int16_t>& in, size_t width,
                  const WordRows& out) {
  for (size_t x = 0; x < width; x += kGroup) {
    const RowPair first = PairOf(LoadWords(in[0], x), LoadWords(in[1], x));
    const RowPair second = PairOf(LoadWords(in[2], x), LoadWords(in[3], x));
    const auto filter = [&](const FilterTaps& taps, int16_t* high,
                            int16_t* low) {
      StoreWords(Weigh(first.even, second.even, taps, 0),
                 Weigh(first.odd, second.odd, taps, 0), x, high, low);
    };
    filter(kLow, out.low, out.low_low);
    filter(kHigh, out.high, out.high_low);
  }
}

// At scales 2 and 3: rounded by 16 bits.
void FilterWide(const InputRows<int32_t>& in, size_t width,
                const WordRows& out) {
  struct Words {
    VI16 high;
    VI16 low;
  };
  for (size_t x = 0; x < width; x += kGroup) {
    const auto filter = [&](const FilterTaps& taps, size_t at) {
      const auto pair = [&](size_t i) {
        const VI32 a = hn::Load(di32, in[i] + at);
        const VI32 b = hn::Load(di32, in[i + 1] + at);
        return Words{MergeHigh(a, b),
                     FlipSign(hn::BitCast(du16, MergeLow(a, b)))};
      };
      const Words first = pair(0);
      const Words second = pair(2);
      return WeighWide<16>(first.high, second.high, first.low, second.low,
                           taps);
    };
    const auto store = [&](const FilterTaps& taps, int16_t* high,
                           int16_t* low) {
      const VI16 a = hn::BitCast(di16, filter(taps, x));
      const VI16 b = hn::BitCast(di16, filter(taps, x + kWide));
      hn::Store(hn::ConcatOdd(di16, b, a), di16, high + x);
      hn::Store(FlipSign(hn::BitCast(du16, hn::ConcatEven(di16, b, a))), di16,
                low + x);
    };
    store(kLow, out.low, out.low_low);
    store(kHigh, out.high, out.high_low);
  }
}

// Continues a row by what the wavelet reads beyond its sides.
HWY_INLINE void ExtendSides(int16_t* row, size_t width) {
  row[-1] = row[std::min<size_t>(1, width - 1)];
  row[width] = row[width - 1];
  row[width + 1] = row[width >= 2 ? width - 2 : 0];
}

// The pass along a row, at output columns x.. x + kWide.
template <int kScale>
HWY_INLINE VI32 FilterRow(const int16_t* high, const int16_t* low, size_t x,
                          const FilterTaps& taps) {
  const auto load = [&](const int16_t* row, int offset) {
    return hn::LoadU(di16, row + 2 * x + offset);
  };
  if constexpr (kScale == 0) {
    return hn::ShiftRight<16>(
        Weigh(load(high, -1), load(high, 1), taps, 1 << 15));
  } else {
    return WeighWide < kScale == 2 ? 16
                                   : 15 > (load(high, -1), load(high, 1),
                                           load(low, -1), load(low, 1), taps);
  }
}

// A picture's wavelet, row by row.
template <int kScale, typename Sample>
class Wavelet {
 public:
  Wavelet(const PictureView& source, const AdmPicture* from,
          AdmScratch& scratch, AdmPicture* next)
      : source_(source),
        from_(from),
        next_(next),
        words_{scratch.words(0), scratch.words(1), scratch.words(2),
               scratch.words(3)} {}

  size_t out_width() const { return (width() + 1) / 2; }
  int out_height() const { return (height() + 1) / 2; }

  // Row y of the approximation goes to `next`. If `bands` is given, those of
  // the bands with detail to them: groups of columns that cover [begin, end),
  // begin a multiple of kWide.
  void Row(int y, const std::array<int32_t*, kAdmBands>* bands, size_t begin,
           size_t end) {
    const auto row = [&](int k) { return InputRow(2 * y - 1 + k); };
    const std::array rows{row(0), row(1), row(2), row(3)};
    if constexpr (kScale == 0) {
      FilterSamples<Sample>(rows, width(), source_.bit_depth, words_);
    } else if constexpr (kScale == 1) {
      FilterNarrow(rows, width(), words_);
    } else {
      FilterWide(rows, width(), words_);
    }
    ExtendSides(words_.low, width());
    ExtendSides(words_.high, width());
    if (kScale > 0) {
      ExtendSides(words_.low_low, width());
      ExtendSides(words_.high_low, width());
    }
    if constexpr (kScale < 3) StoreApproximation(y);
    if (bands == nullptr) return;
    for (size_t x = begin; x < end; x += kWide) {
      const auto store = [&](AdmBand band, VI32 values) {
        hn::StoreU(values, di32, (*bands)[band] + x);
      };
      store(kAdmH, FilterRow<kScale>(words_.high, words_.high_low, x, kLow));
      store(kAdmV, FilterRow<kScale>(words_.low, words_.low_low, x, kHigh));
      store(kAdmD, FilterRow<kScale>(words_.high, words_.high_low, x, kHigh));
    }
  }

 private:
  size_t width() const {
    if constexpr (kScale == 0) return static_cast<size_t>(source_.width);
    if constexpr (kScale == 1) return static_cast<size_t>(from_->narrow.width);
    return static_cast<size_t>(from_->wide.width);
  }
  int height() const {
    if constexpr (kScale == 0) return source_.height;
    if constexpr (kScale == 1) return from_->narrow.height;
    return from_->wide.height;
  }
  auto InputRow(int index) const {
    const int row = AdmInput(index, height());
    if constexpr (kScale == 0) {
      const auto* bytes = static_cast<const uint8_t*>(source_.data);
      return reinterpret_cast<const Sample*>(bytes +
                                             row * source_.stride_bytes);
    } else if constexpr (kScale == 1) {
      return from_->narrow.row(row);
    } else {
      return from_->wide.row(row);
    }
  }
  void StoreApproximation(int y) {
    for (size_t x = 0; x < out_width(); x += kWide) {
      const VI32 values =
          FilterRow<kScale>(words_.low, words_.low_low, x, kLow);
      if constexpr (kScale == 0) {
        const hn::Rebind<int16_t, DI32> narrow;
        hn::StoreU(hn::DemoteTo(narrow, values), narrow,
                   next_->narrow.row(y) + x);
      } else {
        hn::StoreU(values, di32, next_->wide.row(y) + x);
      }
    }
  }

  const PictureView& source_;
  const AdmPicture* from_;
  AdmPicture* next_;
  WordRows words_;
};

// --- Sums of cubes
// -------------------------------------------------------------------

HWY_INLINE VU64 RoundShift64(VU64 v, int shift) {
  const uint64_t half = shift == 0 ? 0 : uint64_t{1} << (shift - 1);
  return hn::ShiftRightSame(hn::Add(v, hn::Set(du64, half)), shift);
}

HWY_INLINE VU32 Low32(VU64 v) { return hn::BitCast(du32, v); }

// Adds round(round(v^2) * v) of all lanes.
HWY_INLINE VU64 AddCubes(VU64 sum, VU32 v, int square_shift, int cube_shift) {
  const auto cube = [&](VU32 lanes) {
    const VU64 square = RoundShift64(hn::MulEven(lanes, lanes), square_shift);
    return RoundShift64(hn::MulEven(Low32(square), lanes), cube_shift);
  };
  return hn::Add(sum, hn::Add(cube(v), cube(OddLanes(v))));
}

HWY_INLINE uint64_t Total(VU64 v) {
  return hn::GetLane(hn::SumOfLanes(du64, v));
}

// Lanes at x.. that lie in [begin, end).
HWY_INLINE hn::Mask<DI32> LanesWithin(size_t x, int begin, int end) {
  const VI32 column = hn::Add(Lane32(), hn::Set(di32, static_cast<int>(x)));
  return hn::And(hn::Gt(column, hn::Set(di32, begin - 1)),
                 hn::Lt(column, hn::Set(di32, end)));
}

template <int kScale>
HWY_INLINE VI32 LoadReference(const AdmReferenceScale& reference, AdmBand band,
                              int y, size_t x) {
  if constexpr (kScale == 0) {
    const hn::Rebind<int16_t, DI32> narrow;
    return hn::PromoteTo(di32,
                         hn::LoadU(narrow, reference.narrow[band].row(y) + x));
  } else {
    return hn::LoadU(di32, reference.wide[band].row(y) + x);
  }
}

// One row of a reference's band, cubed.
template <int kScale>
uint64_t DenominatorRow(const AdmReferenceScale& reference, AdmBand band, int y,
                        const AdmRegion& region, const AdmShifts& shifts) {
  VU64 sum = hn::Zero(du64);
  const auto begin = static_cast<size_t>(region.left) / kWide * kWide;
  for (size_t x = begin; x < static_cast<size_t>(region.right); x += kWide) {
    const VI32 value =
        hn::IfThenElseZero(LanesWithin(x, region.left, region.right),
                           LoadReference<kScale>(reference, band, y, x));
    const VU32 magnitude = hn::BitCast(du32, hn::Abs(value));
    const auto cube = [&](VU32 lanes) {
      // The rounding constant is a whole unit (scalar/adm.cc).
      const uint64_t unit =
          shifts.den_square == 0 ? 0 : uint64_t{1} << shifts.den_square;
      const VU64 square = hn::ShiftRightSame(
          hn::Add(hn::MulEven(lanes, lanes), hn::Set(du64, unit)),
          shifts.den_square);
      return RoundShift64(hn::MulEven(Low32(square), lanes), shifts.den_cube);
    };
    sum = hn::Add(sum, hn::Add(cube(magnitude), cube(OddLanes(magnitude))));
  }
  return RoundShift(Total(sum), shifts.den_row);
}

template <int kScale, typename Sample>
void ReferenceScale(const PictureView& source, const AdmPicture* from,
                    AdmScratch& scratch, AdmReferenceScale& out,
                    AdmPicture* next) {
  Wavelet<kScale, Sample> wavelet(source, from, scratch, next);
  const AdmRegion region = AdmRegionOf(out.width, out.height);
  const size_t width = wavelet.out_width();
  out.den = {};
  for (int y = 0; y < out.height; ++y) {
    const std::array<int32_t*, kAdmBands> rows{scratch.row(0), scratch.row(1),
                                               scratch.row(2)};
    wavelet.Row(y, &rows, 0, width);
    for (const AdmBand band : kAllAdmBands) {
      for (size_t x = 0; x < width; x += kWide) {
        const VI32 values = hn::Load(di32, rows[band] + x);
        if constexpr (kScale == 0) {
          const hn::Rebind<int16_t, DI32> narrow;
          hn::StoreU(hn::DemoteTo(narrow, values), narrow,
                     out.narrow[band].row(y) + x);
        } else {
          hn::StoreU(values, di32, out.wide[band].row(y) + x);
        }
      }
      if (y >= region.top && y < region.bottom) {
        out.den[band] += DenominatorRow<kScale>(
            out, band, y, region,
            AdmShiftsOf(kScale, band, out.width, out.height));
      }
    }
  }
}

// --- Decoupling
// ---------------------------------------------------------------

// Whether gradients differ by less than a degree, of values rounded to float.
constexpr double kCosSquared = double{0.99969541F};
HWY_INLINE hn::Mask<DF64> SameDirection(VF64 dot, VF64 o, VF64 t) {
  const VF64 bound = hn::Mul(hn::Mul(hn::Set(df64, kCosSquared), o), t);
  return hn::And(hn::Ge(dot, hn::Zero(df64)), hn::Ge(hn::Mul(dot, dot), bound));
}

// What is restored of lanes of the same direction as the reference's: up to t,
// but no more than L times. The direction is 0 where nothing is restored.
HWY_INLINE VF64 Enhance(VF64 restored, VF64 t, VF64 direction,
                        hn::Mask<DF64> same, VF64 limit) {
  const VF64 zero = hn::Zero(df64);
  const VF64 enhanced = hn::Mul(restored, limit);
  const VF64 picked =
      hn::IfThenElse(hn::Gt(direction, zero), hn::Trunc(hn::Min(enhanced, t)),
                     hn::IfThenElse(hn::Lt(direction, zero),
                                    hn::Trunc(hn::Max(enhanced, t)), restored));
  return hn::IfThenElse(same, picked, restored);
}

// ADM's gain limit, and as a whole number if it is one, else 0.
struct GainLimit {
  double value;
  int32_t whole;
  explicit GainLimit(double limit)
      : value(limit),
        whole(limit == static_cast<int32_t>(limit) ? static_cast<int32_t>(limit)
                                                   : 0) {}
};

// A row's restored and added parts.
struct SplitRow {
  std::array<int32_t*, kAdmBands> restored;
  std::array<int32_t*, kAdmBands> added;
};

// floor(2^30 / n), n 1..32767.
HWY_INLINE VI32 Reciprocal30(VI32 n) {
  const hn::ScalableTag<float> df32;
  const auto divisor = hn::ConvertTo(df32, n);
  const VI32 one = hn::Set(di32, 1 << 30);
  // Right to 24 bits, then the rest.
  const VI32 q = hn::ConvertTo(
      di32, hn::Div(hn::Set(df32, static_cast<float>(1 << 30)), divisor));
  const VI32 rest = hn::Sub(one, hn::Mul(q, n));
  return hn::Add(
      q, hn::ConvertTo(di32,
                       hn::Floor(hn::Div(hn::ConvertTo(df32, rest), divisor))));
}

// Scale 0: values below 2^15, so that 32 bits do but for the angle.
HWY_INLINE void SplitNarrow(const std::array<VI32, kAdmBands>& o,
                            const std::array<VI32, kAdmBands>& t,
                            const GainLimit& limit, size_t x,
                            const SplitRow& out) {
  const hn::ScalableTag<float> df32;
  // h and v of a picture side by side as words.
  const VI16 o_words = MergeLow(o[kAdmH], o[kAdmV]);
  const VI16 t_words = MergeLow(t[kAdmH], t[kAdmV]);
  const auto product = [&](VI16 a, VI16 b) {
    PairSum sum;
    sum.Add(a, b);
    return hn::ConvertTo(df32, sum.Get());
  };
  const hn::Half<decltype(df32)> dhalf;
  const auto dot = product(o_words, t_words);
  const auto oo = product(o_words, o_words);
  const auto tt = product(t_words, t_words);
  const auto same_half = [&](auto half_of) {
    return SameDirection(hn::PromoteTo(df64, half_of(dot)),
                         hn::PromoteTo(df64, half_of(oo)),
                         hn::PromoteTo(df64, half_of(tt)));
  };
  const auto same_a =
      same_half([&](auto v) { return hn::LowerHalf(dhalf, v); });
  const auto same_b =
      same_half([&](auto v) { return hn::UpperHalf(dhalf, v); });
  const bool any = !hn::AllFalse(df64, same_a) || !hn::AllFalse(df64, same_b);
  const auto lanes = [](hn::Mask<DF64> mask) {
    const hn::Half<DU32> half;
    return hn::TruncateTo(half, hn::BitCast(du64, hn::VecFromMask(df64, mask)));
  };
  const auto same = hn::MaskFromVec(
      hn::BitCast(di32, hn::Combine(du32, lanes(same_b), lanes(same_a))));

  const VI32 zero = hn::Zero(di32);
  const VI32 kOne = hn::Set(di32, 1 << 15);
  for (const AdmBand band : kAllAdmBands) {
    const auto at = static_cast<size_t>(band);
    const VI32 n = hn::Abs(o[at]);
    const VI32 towards =
        hn::IfThenElse(hn::Lt(o[at], zero), hn::Neg(t[at]), t[at]);
    // Beyond twice o the gain is 1 anyway; products then fit 32 bits.
    const VI32 clamped = hn::Min(hn::Max(towards, zero), hn::ShiftLeft<1>(n));
    const VI32 reciprocal = Reciprocal30(hn::Max(n, hn::Set(di32, 1)));
    const VU32 scaled = hn::BitCast(
        du32, hn::Add(hn::Mul(reciprocal, clamped), hn::Set(di32, 1 << 14)));
    // Where o is 0, so is what is restored, whatever the gain.
    const VI32 gain =
        hn::Min(hn::BitCast(di32, hn::ShiftRight<15>(scaled)), kOne);
    VI32 r = hn::ShiftRight<15>(
        hn::Add(hn::Mul(gain, o[at]), hn::Set(di32, 1 << 14)));
    if (any && limit.whole > 0) {
      // min(r L, t) in the direction of o; products fit.
      const VI32 enhanced = hn::Mul(r, hn::Set(di32, limit.whole));
      const VI32 picked =
          hn::IfThenElse(hn::Lt(o[at], zero), hn::Max(enhanced, t[at]),
                         hn::Min(enhanced, t[at]));
      const auto restored = hn::And(same, hn::Gt(gain, zero));
      r = hn::IfThenElse(restored, picked, r);
    } else if (any) {
      const Doubles rs = ToDoubles(r);
      const Doubles ts = ToDoubles(t[at]);
      const Doubles os =
          ToDoubles(hn::IfThenElseZero(hn::Gt(gain, zero), o[at]));
      const VF64 most = hn::Set(df64, limit.value);
      r = ToInts(Enhance(rs.a, ts.a, os.a, same_a, most),
                 Enhance(rs.b, ts.b, os.b, same_b, most));
    }
    hn::Store(r, di32, out.restored[at] + x);
    hn::Store(hn::Sub(t[at], r), di32, out.added[at] + x);
  }
}

// A whole number of up to 63 bits, rounded to float. Its last bits go into one
// that says whether any was set, so that rounding twice rounds as once.
HWY_INLINE VF64 RoundToFloat(VI64 v) {
  const VI64 last = hn::Set(di64, 2047);
  const VI64 cut = hn::AndNot(last, v);
  const VI64 sticky = hn::IfThenElseZero(
      hn::Ne(hn::And(v, last), hn::Zero(di64)), hn::Set(di64, 1024));
  const auto large = hn::Gt(hn::Abs(v), hn::Set(di64, int64_t{1} << 52));
  const VI64 number = hn::IfThenElse(large, hn::Or(cut, sticky), v);
  const hn::Rebind<float, DF64> dfloat;
  return hn::PromoteTo(df64, hn::DemoteTo(dfloat, hn::ConvertTo(df64, number)));
}

// One band at scales 1 to 3, all in whole doubles.
HWY_INLINE VF64 RestoreWide(VF64 o, VF64 t, hn::Mask<DF64> same, VF64 limit) {
  const VF64 zero = hn::Zero(df64);
  const VF64 half = hn::Set(df64, 0.5);
  const VF64 n = hn::Abs(o);
  // Of 2^shift, shift = max(bits of n - 15, 0).
  const VI64 exponent = hn::Max(
      hn::Sub(hn::BitCast(di64, hn::ShiftRight<52>(hn::BitCast(du64, n))),
              hn::Set(di64, 14)),
      hn::Set(di64, 1023));
  const VF64 inverse_scale = hn::BitCast(
      df64, hn::ShiftLeft<52>(hn::Sub(hn::Set(di64, 2046), exponent)));
  const VF64 divisor = hn::Max(
      hn::Floor(hn::Add(hn::Mul(n, inverse_scale), half)), hn::Set(df64, 1.0));
  const VF64 reciprocal =
      hn::Floor(hn::Div(hn::Set(df64, 1073741824.0), divisor));
  const VF64 towards = hn::IfThenElse(hn::Lt(o, zero), hn::Neg(t), t);
  // Beyond twice o the gain is 1 anyway; products then fit 53 bits.
  const VF64 clamped = hn::Min(hn::Max(towards, zero), hn::Add(n, n));
  const VF64 scaled = hn::Mul(hn::Mul(reciprocal, clamped),
                              hn::Mul(inverse_scale, hn::Set(df64, 0x1p-15)));
  const VF64 gain =
      hn::Min(hn::Floor(hn::Add(scaled, half)), hn::Set(df64, 32768.0));
  const VF64 r = hn::Floor(
      hn::Add(hn::Mul(hn::Mul(gain, o), hn::Set(df64, 0x1p-15)), half));
  return Enhance(r, t, hn::Mul(gain, o), same, limit);
}

HWY_INLINE void SplitWide(const std::array<VI32, kAdmBands>& o,
                          const std::array<VI32, kAdmBands>& t,
                          const GainLimit& gain_limit, size_t x,
                          const SplitRow& out) {
  const VF64 limit = hn::Set(df64, gain_limit.value);
  // Products of 32-bit numbers, of the lower half's lanes and the upper's.
  const auto product = [&](VI32 a, VI32 b, auto wide) {
    return hn::MulEven(wide(a), wide(b));
  };
  const auto lower = [](VI32 v) {
    return hn::BitCast(di32, hn::PromoteTo(di64, hn::LowerHalf(dhalf32, v)));
  };
  const auto upper = [](VI32 v) {
    return hn::BitCast(di32, hn::PromoteTo(di64, hn::UpperHalf(dhalf32, v)));
  };
  const auto same = [&](auto wide) {
    const auto dot = [&](const auto& a, const auto& b) {
      return RoundToFloat(hn::Add(product(a[kAdmH], b[kAdmH], wide),
                                  product(a[kAdmV], b[kAdmV], wide)));
    };
    return SameDirection(dot(o, t), dot(o, o), dot(t, t));
  };
  const auto same_a = same(lower);
  const auto same_b = same(upper);
  for (const AdmBand band : kAllAdmBands) {
    const auto at = static_cast<size_t>(band);
    const Doubles os = ToDoubles(o[at]);
    const Doubles ts = ToDoubles(t[at]);
    const VI32 r = ToInts(RestoreWide(os.a, ts.a, same_a, limit),
                          RestoreWide(os.b, ts.b, same_b, limit));
    hn::Store(r, di32, out.restored[at] + x);
    hn::Store(hn::Sub(t[at], r), di32, out.added[at] + x);
  }
}

// --- Masking
// ------------------------------------------------------------------

// A 64-bit product's upper half, of even and odd lanes.
template <typename Product>
HWY_INLINE VI32 HighOfProducts(VI32 v, const Product& product) {
  const VI64 even = product(v);
  const VI64 odd = product(hn::BitCast(di32, OddLanes(hn::BitCast(du32, v))));
  return hn::OddEven(
      hn::BitCast(di32, odd),
      hn::BitCast(di32, hn::ShiftRight<32>(hn::BitCast(du64, even))));
}

// round(v K / 2^28): what lies above bit 28.
HWY_INLINE VI32 WeighAt28(VI32 v, int32_t weight) {
  const VI32 k = hn::Set(di32, weight);
  return HighOfProducts(v, [&](VI32 lanes) {
    const VI64 sum =
        hn::Add(hn::MulEven(lanes, k), hn::Set(di64, int64_t{1} << 27));
    return hn::ShiftLeft<4>(sum);
  });
}

// Sums over the bands: what the added parts mask beside themselves, and what
// they mask at their own place less that.
struct MaskRow {
  int32_t* neighbour;
  int32_t* centre;
};

template <int kScale>
HWY_INLINE void MaskGroup(const SplitRow& split, size_t x, const MaskRow& out) {
  VI32 neighbour = hn::Zero(di32);
  VI32 centre = hn::Zero(di32);
  for (const AdmBand band : kAllAdmBands) {
    const VI32 added = hn::Load(di32, split.added[band] + x);
    if constexpr (kScale == 0) {
      const VI32 product = hn::Mul(
          added, hn::Set(di32, static_cast<int32_t>(AdmFixedWeight(0, band))));
      const VI32 weighted =
          band == kAdmD
              ? hn::ShiftRight<17>(hn::Add(product, hn::Set(di32, 65535)))
              : hn::ShiftRight<15>(hn::Add(product, hn::Set(di32, 1 << 14)));
      const auto word = [](VI32 v) {
        return hn::ShiftRight<16>(hn::ShiftLeft<16>(v));
      };
      const VI32 magnitude = hn::Abs(word(weighted));
      const auto masked = [&](int32_t weight) {
        return word(hn::ShiftRight<12>(
            hn::Add(hn::Mul(magnitude, hn::Set(di32, weight)),
                    hn::Set(di32, 1 << 11))));
      };
      neighbour = hn::Add(neighbour, masked(4369));
      centre = hn::Add(centre, masked(8738));
    } else {
      const VI32 magnitude = hn::Abs(
          WeighAt28(added, static_cast<int32_t>(AdmFixedWeight(kScale, band))));
      const auto masked = [&](int32_t weight) {
        return HighOfProducts(magnitude, [&](VI32 lanes) {
          return hn::Sub(hn::MulEven(lanes, hn::Set(di32, weight)),
                         hn::Set(di64, int64_t{1} << 31));
        });
      };
      neighbour = hn::Add(neighbour, masked(143165577));
      centre = hn::Add(centre, masked(286331153));
    }
  }
  hn::Store(neighbour, di32, out.neighbour + x);
  hn::Store(hn::Sub(centre, neighbour), di32, out.centre + x);
}

// --- The pass over a scale
// ----------------------------------------------------

// Rows of the scratch memory: the distorted bands, the added parts, then rings
// of rows that wait for the one below.
enum Rows {
  kBands = 0,
  kAdded = 3,
  kRestored = 6,
  kNeighbour = 15,
  kCentre = 18
};
constexpr int kRing = 3;
static_assert(kCentre + kRing == AdmScratch::kBandRows);

template <int kScale>
class ScorePass {
 public:
  ScorePass(const AdmReferenceScale& reference, double gain_limit,
            AdmScratch& scratch)
      : reference_(reference),
        region_(AdmRegionOf(reference.width, reference.height)),
        scratch_(scratch),
        gain_limit_(gain_limit),
        begin_(static_cast<size_t>(std::max(region_.left - 1, 0)) / kWide *
               kWide),
        end_(
            static_cast<size_t>(std::min(region_.right + 1, reference.width))) {
    for (const AdmBand band : kAllAdmBands) {
      shifts_[band] =
          AdmShiftsOf(kScale, band, reference.width, reference.height);
    }
  }

  template <typename Sample>
  AdmSums Run(Wavelet<kScale, Sample>& wavelet) {
    const int first = std::max(region_.top - 1, 0);
    const int end = std::min(region_.bottom + 1, reference_.height);
    const auto bands = ThreeRows(kBands);
    for (int y = 0; y < reference_.height; ++y) {
      const bool detail = y >= first && y < end;
      wavelet.Row(y, detail ? &bands : nullptr, begin_, end_);
      if (!detail) continue;
      SplitAndMask(y);
      if (y - 1 >= region_.top) AddRow(y - 1);
    }
    // A region that reaches the last row has nothing below it.
    if (region_.bottom == reference_.height) AddRow(region_.bottom - 1);
    return sums_;
  }

 private:
  using RowsOfBands = std::array<int32_t*, kAdmBands>;
  RowsOfBands ThreeRows(int first) {
    return {scratch_.row(first), scratch_.row(first + 1),
            scratch_.row(first + 2)};
  }
  RowsOfBands Restored(int y) { return ThreeRows(kRestored + 3 * (y % kRing)); }
  int32_t* Neighbour(int y) { return scratch_.row(kNeighbour + y % kRing); }
  int32_t* Centre(int y) { return scratch_.row(kCentre + y % kRing); }

  void SplitAndMask(int y) {
    const RowsOfBands bands = ThreeRows(kBands);
    const SplitRow split{Restored(y), ThreeRows(kAdded)};
    const MaskRow mask{Neighbour(y), Centre(y)};
    for (size_t x = begin_; x < end_; x += kWide) {
      std::array<VI32, kAdmBands> o;
      std::array<VI32, kAdmBands> t;
      for (const AdmBand band : kAllAdmBands) {
        o[band] = LoadReference<kScale>(reference_, band, y, x);
        t[band] = hn::Load(di32, bands[band] + x);
      }
      if constexpr (kScale == 0) {
        SplitNarrow(o, t, gain_limit_, x, split);
      } else {
        SplitWide(o, t, gain_limit_, x, split);
      }
      MaskGroup<kScale>(split, x, mask);
    }
    int32_t* row = mask.neighbour;
    const auto width = static_cast<size_t>(reference_.width);
    if (region_.left == 0) {
      row[-1] = row[std::min<size_t>(1, width - 1)];
      row[width] = row[width - 1];
    }
  }

  // Adds row y, whose neighbours are there.
  void AddRow(int y) {
    const int height = reference_.height;
    const int32_t* above = Neighbour(AdmInput(y - 1, height));
    const int32_t* here = Neighbour(y);
    const int32_t* below = Neighbour(AdmInput(y + 1, height));
    const int32_t* centre = Centre(y);
    const RowsOfBands restored = Restored(y);
    VU64 sums[kAdmBands] = {hn::Zero(du64), hn::Zero(du64), hn::Zero(du64)};
    const auto begin = static_cast<size_t>(region_.left) / kWide * kWide;
    for (size_t x = begin; x < static_cast<size_t>(region_.right); x += kWide) {
      const auto column = [&](ptrdiff_t offset) {
        const auto load = [&](const int32_t* row) {
          return hn::LoadU(di32, row + static_cast<ptrdiff_t>(x) + offset);
        };
        return hn::Add(load(above), hn::Add(load(here), load(below)));
      };
      const VI32 threshold =
          hn::Add(hn::Add(column(-1), column(0)),
                  hn::Add(column(1), hn::Load(di32, centre + x)));
      const auto inside = LanesWithin(x, region_.left, region_.right);
      for (const AdmBand band : kAllAdmBands) {
        const VI32 visible =
            Visible(band, hn::Load(di32, restored[band] + x), threshold);
        sums[band] = AddCubes(
            sums[band], hn::BitCast(du32, hn::IfThenElseZero(inside, visible)),
            shifts_[band].num_square, shifts_[band].num_cube);
      }
    }
    for (const AdmBand band : kAllAdmBands) {
      sums_[band] += RoundShift(Total(sums[band]), shifts_[band].num_row);
    }
  }

  // A restored value, weighted, as far as it is above the threshold.
  static HWY_INLINE VI32 Visible(AdmBand band, VI32 restored, VI32 threshold) {
    const auto weight = static_cast<int32_t>(AdmFixedWeight(kScale, band));
    VI32 weighted;
    VI32 bound;
    if constexpr (kScale == 0) {
      weighted = hn::Mul(restored, hn::Set(di32, weight));
      // Bounded so as to fit; no weighted value is that large.
      const int bits = band == kAdmD ? 12 : 10;
      bound = hn::ShiftLeftSame(
          hn::Min(threshold, hn::Set(di32, (1 << (31 - bits)) - 1)), bits);
    } else {
      weighted = WeighAt28(restored, weight);
      bound = threshold;
    }
    return hn::Max(hn::Sub(hn::Abs(weighted), bound), hn::Zero(di32));
  }

  const AdmReferenceScale& reference_;
  AdmRegion region_;
  AdmScratch& scratch_;
  GainLimit gain_limit_;
  size_t begin_;
  size_t end_;
  std::array<AdmShifts, kAdmBands> shifts_{};
  AdmSums sums_{};
};

template <int kScale, typename Sample>
AdmSums ScoreScale(const AdmReferenceScale& reference,
                   const PictureView& source, const AdmPicture* from,
                   double gain_limit, AdmScratch& scratch, AdmPicture* next) {
  Wavelet<kScale, Sample> wavelet(source, from, scratch, next);
  return ScorePass<kScale>(reference, gain_limit, scratch).Run(wavelet);
}

void Reference(int scale, const PictureView& source, const AdmPicture* from,
               AdmScratch& scratch, AdmReferenceScale& out, AdmPicture* next) {
  const auto run = [&](auto function) {
    function(source, from, scratch, out, next);
  };
  switch (scale) {
    case 0:
      if (source.bit_depth == 8) return run(ReferenceScale<0, uint8_t>);
      return run(ReferenceScale<0, uint16_t>);
    case 1:
      return run(ReferenceScale<1, int16_t>);
    case 2:
      return run(ReferenceScale<2, int32_t>);
    default:
      return run(ReferenceScale<3, int32_t>);
  }
}

AdmSums Score(int scale, const AdmReferenceScale& reference,
              const PictureView& source, const AdmPicture* from,
              double gain_limit, AdmScratch& scratch, AdmPicture* next) {
  const auto run = [&](auto function) {
    return function(reference, source, from, gain_limit, scratch, next);
  };
  switch (scale) {
    case 0:
      if (source.bit_depth == 8) return run(ScoreScale<0, uint8_t>);
      return run(ScoreScale<0, uint16_t>);
    case 1:
      return run(ScoreScale<1, int16_t>);
    case 2:
      return run(ScoreScale<2, int32_t>);
    default:
      return run(ScoreScale<3, int32_t>);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace reel::quality
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace reel::quality {

base::Status AdmPicture::Allocate(int scale, int width, int height) {
  return scale == 0 ? narrow.Allocate(width, height)
                    : wide.Allocate(width, height);
}

base::Status AdmReferenceScale::Allocate(int scale, int band_width,
                                         int band_height) {
  width = band_width;
  height = band_height;
  for (const AdmBand band : kAllAdmBands) {
    REEL_TRY(scale == 0 ? narrow[band].Allocate(width, height)
                        : wide[band].Allocate(width, height));
  }
  return {};
}

base::Status AdmScratch::Allocate(int width) {
  const size_t padded = PadToVector(static_cast<size_t>(width));
  REEL_TRY(words_.Allocate(kWordRows, padded));
  return rows_.Allocate(kBandRows, PadToVector(padded / 2));
}

HWY_EXPORT(Reference);
HWY_EXPORT(Score);

void AdmReference(int scale, const PictureView& source, const AdmPicture* from,
                  AdmScratch& scratch, AdmReferenceScale& out,
                  AdmPicture* next) {
  HWY_DYNAMIC_DISPATCH(Reference)(scale, source, from, scratch, out, next);
}

AdmSums AdmScore(int scale, const AdmReferenceScale& reference,
                 const PictureView& source, const AdmPicture* from,
                 double gain_limit, AdmScratch& scratch, AdmPicture* next) {
  return HWY_DYNAMIC_DISPATCH(Score)(scale, reference, source, from, gain_limit,
                                     scratch, next);
}

}  // namespace reel::quality
#endif  // HWY_ONCE
