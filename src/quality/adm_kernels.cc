#include "quality/adm_kernels.h"

#include <algorithm>
#include <type_traits>
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
constexpr hn::ScalableTag<float> df32;
using VF32 = hn::Vec<decltype(df32)>;
constexpr size_t kWide = hn::MaxLanes(DI32());  // columns, 32 bit

// kGroup columns: the first half of them and the other.
struct Halves {
  VI32 a;
  VI32 b;
};

// Numbers that fit 16 bits, as words: blocks of 128 bits take turns, so that
// neither way costs much. Only Unpack knows the order of columns.
HWY_INLINE VI16 Pack(VI32 a, VI32 b) {
  return hn::ReorderDemote2To(di16, a, b);
}
HWY_INLINE Halves Unpack(VI16 v) {
  const auto widen = [](VI16 twice) {
    return hn::ShiftRight<16>(hn::BitCast(di32, twice));
  };
  return {widen(hn::InterleaveLower(di16, v, v)),
          widen(hn::InterleaveUpper(di16, v, v))};
}
// Likewise, of words without a sign.
HWY_INLINE Halves UnpackUnsigned(VI16 v) {
  const VI16 zero = hn::Zero(di16);
  return {hn::BitCast(di32, hn::InterleaveLower(di16, v, zero)),
          hn::BitCast(di32, hn::InterleaveUpper(di16, v, zero))};
}
// Sums of two packed numbers a column.
HWY_INLINE Halves UnpackSums(VI16 v, VI16 w) {
  const VI16 ones = hn::Set(di16, 1);
  const auto sum = [&](VI16 pairs) {
    PairSum total;
    total.Add(pairs, ones);
    return total.Get();
  };
  return {sum(hn::InterleaveLower(di16, v, w)),
          sum(hn::InterleaveUpper(di16, v, w))};
}

// Columns [begin, end) of a row.
struct Columns {
  size_t begin = 0;
  size_t end = 0;
};

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
constexpr FilterTaps kLowPass = TapsOf(kAdmLow);
constexpr FilterTaps kHighPass = TapsOf(kAdmHigh);
static_assert(kLowPass.sum == kAdmLowSum && kHighPass.sum == 0);

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
//   kHigh  whether the high pass is wanted
template <bool kHigh, typename Sample>
void FilterSamples(const InputRows<Sample>& in, size_t width, Columns columns,
                   int bit_depth, const WordRows& out) {
  // Samples of 16 bits are centred to be signed.
  constexpr int32_t kBias = sizeof(Sample) == 1 ? 0 : 1 << 15;
  const VU16 bias = hn::Set(du16, static_cast<uint16_t>(kBias));
  const int32_t half = int32_t{1} << (bit_depth - 1);
  // Modulo 2^32, as are the sums; what comes out has 16 bits.
  const auto low_start = static_cast<int32_t>(
      static_cast<uint32_t>(kAdmLowSum) * static_cast<uint32_t>(kBias - half) +
      static_cast<uint32_t>(half));
  for (size_t x = columns.begin; x < columns.end; x += kGroup) {
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
    hn::Store(filter(kLowPass, low_start), di16, out.low + x);
    if constexpr (kHigh) {
      hn::Store(filter(kHighPass, half), di16, out.high + x);
    }
  }
}

// At scale 1: exact.
template <bool kHigh>
void FilterNarrow(const InputRows<int16_t>& in, Columns columns,
                  const WordRows& out) {
  for (size_t x = columns.begin; x < columns.end; x += kGroup) {
    const RowPair first = PairOf(LoadWords(in[0], x), LoadWords(in[1], x));
    const RowPair second = PairOf(LoadWords(in[2], x), LoadWords(in[3], x));
    const auto filter = [&](const FilterTaps& taps, int16_t* high,
                            int16_t* low) {
      StoreWords(Weigh(first.even, second.even, taps, 0),
                 Weigh(first.odd, second.odd, taps, 0), x, high, low);
    };
    filter(kLowPass, out.low, out.low_low);
    if constexpr (kHigh) filter(kHighPass, out.high, out.high_low);
  }
}

// At scales 2 and 3: rounded by 16 bits.
template <bool kHigh>
void FilterWide(const InputRows<int32_t>& in, Columns columns,
                const WordRows& out) {
  struct Words {
    VI16 high;
    VI16 low;
  };
  for (size_t x = columns.begin; x < columns.end; x += kGroup) {
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
    store(kLowPass, out.low, out.low_low);
    if constexpr (kHigh) store(kHighPass, out.high, out.high_low);
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
    constexpr int kShift = kScale == 2 ? 16 : 15;
    return WeighWide<kShift>(load(high, -1), load(high, 1), load(low, -1),
                             load(low, 1), taps);
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

  // Row y of the approximation goes to `next`; nothing else is made.
  void Row(int y) { FilterColumns(y, {0, 0}); }

  // Also gives the bands with detail: store(band, x, values) for groups of
  // columns that cover `columns`, which begin with a whole group.
  template <typename Store>
  void Row(int y, Columns columns, const Store& store) {
    FilterColumns(y, columns);
    for (size_t x = columns.begin; x < columns.end; x += kGroup) {
      const auto band = [&](const int16_t* high, const int16_t* low,
                            const FilterTaps& taps) {
        return Halves{FilterRow<kScale>(high, low, x, taps),
                      FilterRow<kScale>(high, low, x + kWide, taps)};
      };
      store(kAdmH, x, band(words_.high, words_.high_low, kLowPass));
      store(kAdmV, x, band(words_.low, words_.low_low, kHighPass));
      store(kAdmD, x, band(words_.high, words_.high_low, kHighPass));
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
  template <bool kHigh>
  void FilterColumns(int y, Columns columns) {
    const auto row = [&](int k) { return InputRow(2 * y - 1 + k); };
    const std::array rows{row(0), row(1), row(2), row(3)};
    if constexpr (kScale == 0) {
      FilterSamples<kHigh, Sample>(rows, width(), columns, source_.bit_depth,
                                   words_);
    } else if constexpr (kScale == 1) {
      FilterNarrow<kHigh>(rows, columns, words_);
    } else {
      FilterWide<kHigh>(rows, columns, words_);
    }
  }
  // The high pass is made where `bands`, columns of the output, want it.
  void FilterColumns(int y, Columns bands) {
    Columns high{0, 0};
    if (bands.begin < bands.end) {
      const size_t begin = 2 * std::max<size_t>(bands.begin, 1) - 2;
      high = {begin / kGroup * kGroup,
              std::min((2 * bands.end / kGroup + 1) * kGroup, width())};
    }
    FilterColumns<false>(y, {0, high.begin});
    FilterColumns<true>(y, high);
    FilterColumns<false>(y, {high.end, width()});
    ExtendSides(words_.low, width());
    ExtendSides(words_.high, width());
    if (kScale > 0) {
      ExtendSides(words_.low_low, width());
      ExtendSides(words_.high_low, width());
    }
    if constexpr (kScale < 3) StoreApproximation(y);
  }
  void StoreApproximation(int y) {
    for (size_t x = 0; x < out_width(); x += kWide) {
      const VI32 values =
          FilterRow<kScale>(words_.low, words_.low_low, x, kLowPass);
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

// visit(x, keep) for groups of columns that cover [begin, end); keep(values)
// clears what lies outside.
template <typename Visit>
HWY_INLINE void ForEachGroup(int begin, int end, const Visit& visit) {
  const auto from = static_cast<size_t>(begin);
  const auto to = static_cast<size_t>(end);
  for (size_t x = from / kGroup * kGroup; x < to; x += kGroup) {
    if (HWY_LIKELY(x >= from && x + kGroup <= to)) {
      visit(x, [](const Halves& v) { return v; });
      continue;
    }
    visit(x, [&](const Halves& v) {
      const auto inside = [&](VI32 values, size_t at) {
        const VI32 column =
            hn::Add(Lane32(), hn::Set(di32, static_cast<int>(at)));
        return hn::IfThenElseZero(
            hn::And(hn::Gt(column, hn::Set(di32, begin - 1)),
                    hn::Lt(column, hn::Set(di32, end))),
            values);
      };
      return Halves{inside(v.a, x), inside(v.b, x + kWide)};
    });
  }
}

template <int kScale>
HWY_INLINE Halves LoadReference(const AdmReferenceScale& reference,
                                AdmBand band, int y, size_t x) {
  if constexpr (kScale == 0) {
    return Unpack(hn::LoadU(di16, reference.narrow[band].row(y) + x));
  } else {
    const int32_t* row = reference.wide[band].row(y) + x;
    return {hn::LoadU(di32, row), hn::LoadU(di32, row + kWide)};
  }
}

// One row of a reference's band, cubed.
template <int kScale>
uint64_t DenominatorRow(const AdmReferenceScale& reference, AdmBand band, int y,
                        const AdmRegion& region, const AdmShifts& shifts) {
  VU64 sum = hn::Zero(du64);
  // The rounding constant is a whole unit (scalar/adm.cc).
  const auto cube = [&](VU32 lanes) REEL_INLINE_LAMBDA {
    const VU64 square = hn::ShiftRightSame(
        hn::Add(hn::MulEven(lanes, lanes),
                hn::Set(du64, uint64_t{1} << shifts.den_square)),
        shifts.den_square);
    return RoundShift64(hn::MulEven(Low32(square), lanes), shifts.den_cube);
  };
  const auto add = [&](VI32 values) REEL_INLINE_LAMBDA {
    const VU32 v = hn::BitCast(du32, hn::Abs(values));
    if constexpr (kScale == 0) {  // below 2^15, and not rounded
      const VU32 square = hn::Mul(v, v);
      sum = hn::Add(sum, hn::Add(hn::MulEven(square, v),
                                 hn::MulEven(OddLanes(square), OddLanes(v))));
    } else {
      sum = hn::Add(sum, hn::Add(cube(v), cube(OddLanes(v))));
    }
  };
  ForEachGroup(region.left, region.right, [&](size_t x, const auto& keep) {
    const Halves values = keep(LoadReference<kScale>(reference, band, y, x));
    add(values.a);
    add(values.b);
  });
  return RoundShift(Total(sum), shifts.den_row);
}

// Rows and columns of a scale's bands that count: its region and what is next
// to it. Columns begin with a whole group.
struct Wanted {
  int first;  // rows
  int end;
  Columns columns;
};
Wanted WantedOf(const AdmReferenceScale& reference) {
  const AdmRegion region =
      AdmRegionAndNeighbours(reference.width, reference.height);
  const auto left = static_cast<size_t>(region.left);
  return {region.top,
          region.bottom,
          {left / kGroup * kGroup, static_cast<size_t>(region.right)}};
}

template <int kScale, typename Sample>
void ReferenceScale(const PictureView& source, const AdmPicture* from,
                    AdmScratch& scratch, AdmReferenceScale& out,
                    AdmPicture* next) {
  Wavelet<kScale, Sample> wavelet(source, from, scratch, next);
  const AdmRegion region = AdmRegionOf(out.width, out.height);
  const Wanted wanted = WantedOf(out);
  out.den = {};
  for (int y = 0; y < out.height; ++y) {
    if (y < wanted.first || y >= wanted.end) {
      wavelet.Row(y);
      continue;
    }
    wavelet.Row(y, wanted.columns,
                [&](AdmBand band, size_t x, const Halves& values) {
                  if constexpr (kScale == 0) {
                    hn::StoreU(Pack(values.a, values.b), di16,
                               out.narrow[band].row(y) + x);
                  } else {
                    int32_t* row = out.wide[band].row(y) + x;
                    hn::StoreU(values.a, di32, row);
                    hn::StoreU(values.b, di32, row + kWide);
                  }
                });
    if (y < region.top || y >= region.bottom) continue;
    for (const AdmBand band : kAllAdmBands) {
      out.den[band] += DenominatorRow<kScale>(
          out, band, y, region,
          AdmShiftsOf(kScale, band, out.width, out.height));
    }
  }
}

// --- Decoupling
// ---------------------------------------------------------------

// Whether gradients differ by less than a degree, of values rounded to float.
constexpr float kCosSquared = 0.99969541F;
HWY_INLINE hn::Mask<DF64> SameDirection(VF64 dot, VF64 o, VF64 t) {
  const VF64 bound = hn::Mul(hn::Mul(hn::Set(df64, double{kCosSquared}), o), t);
  return hn::And(hn::Ge(dot, hn::Zero(df64)), hn::Ge(hn::Mul(dot, dot), bound));
}
// How much squares must differ, for roundings not to matter. 0 is 0 anyhow.
constexpr double kSurely = 0x1p-20;

// ADM's gain limit, and as a whole number if it is one, else 0.
struct GainLimit {
  double value;
  int32_t whole;
  explicit GainLimit(double limit)
      : value(limit),
        whole(limit == static_cast<int32_t>(limit) ? static_cast<int32_t>(limit)
                                                   : 0) {}
};

// A group's restored and added parts, at scale 0 and at others.
struct NarrowSplit {
  std::array<VI16, kAdmBands> restored;
  std::array<VI16, kAdmBands> added;
};
struct WideSplit {
  std::array<VI32, kAdmBands> restored;
  std::array<VI32, kAdmBands> added;
};

// -floor(2^30 / n), n 1..32767; anything where n is 0.
HWY_INLINE VI32 NegativeReciprocal30(VI32 n) {
  const VF64 dividend = hn::Set(df64, -static_cast<double>(1 << 30));
  const Doubles divisor = ToDoubles(n);
  return ToInts(hn::Div(dividend, divisor.a), hn::Div(dividend, divisor.b));
}

// Lanes of the same direction, of values that floats hold or were rounded to.
HWY_INLINE VI32 SameLanes(VF32 dot, VF32 o, VF32 t) {
  const VF32 square = hn::Mul(dot, dot);
  const VF32 bound = hn::Mul(hn::Mul(hn::Set(df32, kCosSquared), o), t);
  const VF32 margin =
      hn::Mul(bound, hn::Set(df32, static_cast<float>(kSurely)));
  const auto sure = hn::Ge(hn::Abs(hn::Sub(square, bound)), margin);
  if (HWY_LIKELY(hn::AllTrue(df32, sure))) {
    return hn::BitCast(
        di32, hn::VecFromMask(df32, hn::And(hn::Ge(dot, hn::Zero(df32)),
                                            hn::Ge(square, bound))));
  }
  const hn::Half<decltype(df32)> dhalf;
  const auto lower = [&](VF32 v) {
    return hn::PromoteTo(df64, hn::LowerHalf(dhalf, v));
  };
  const auto upper = [&](VF32 v) {
    return hn::PromoteTo(df64, hn::UpperHalf(dhalf, v));
  };
  const auto lanes = [](hn::Mask<DF64> mask) {
    const hn::Half<DU32> half;
    return hn::TruncateTo(half, hn::BitCast(du64, hn::VecFromMask(df64, mask)));
  };
  return hn::BitCast(
      di32,
      hn::Combine(du32, lanes(SameDirection(upper(dot), upper(o), upper(t))),
                  lanes(SameDirection(lower(dot), lower(o), lower(t)))));
}

// Packed lanes of the same direction: -1, others 0.
HWY_INLINE VI16 SameLanes(const std::array<VI16, kAdmBands>& o,
                          const std::array<VI16, kAdmBands>& t) {
  const auto half = [](VI16 o_pairs, VI16 t_pairs) {
    const auto product = [](VI16 a, VI16 b) {
      PairSum sum;
      sum.Add(a, b);
      return hn::ConvertTo(df32, sum.Get());
    };
    return SameLanes(product(o_pairs, t_pairs), product(o_pairs, o_pairs),
                     product(t_pairs, t_pairs));
  };
  return Pack(half(hn::InterleaveLower(di16, o[kAdmH], o[kAdmV]),
                   hn::InterleaveLower(di16, t[kAdmH], t[kAdmV])),
              half(hn::InterleaveUpper(di16, o[kAdmH], o[kAdmV]),
                   hn::InterleaveUpper(di16, t[kAdmH], t[kAdmV])));
}

// -1 or 1 times v, as `sign` is -1 or 0.
HWY_INLINE VI16 ApplySign(VI16 v, VI16 sign) {
  return hn::Sub(hn::Xor(v, sign), sign);
}

// min(r L, t) in the direction of the reference, of lanes where r is not 0 and
// t has its direction, too.
//   r, towards  r and t times the reference's sign
HWY_INLINE VI16 EnhanceByWhole(VI16 r, VI16 towards, int32_t limit) {
  // Saturates at what no t exceeds.
  const int32_t most = std::min(32767 / limit + 1, 32767);
  const auto word = [](int32_t v) {
    return hn::Set(di16, static_cast<int16_t>(v));
  };
  const VI16 enhanced = hn::Mul(hn::Min(r, word(most)), word(limit));
  return hn::BitCast(
      di16, hn::Min(hn::BitCast(du16, enhanced), hn::BitCast(du16, towards)));
}
HWY_INLINE VI16 EnhanceByFraction(VI16 r, VI16 towards, double limit) {
  const auto half = [&](VI32 restored, VI32 most) {
    const Doubles a = ToDoubles(restored);
    const Doubles b = ToDoubles(most);
    const VF64 l = hn::Set(df64, limit);
    return ToInts(hn::Min(hn::Mul(a.a, l), b.a), hn::Min(hn::Mul(a.b, l), b.b));
  };
  const Halves rs = Unpack(r);
  const Halves ts = Unpack(towards);
  return Pack(half(rs.a, ts.a), half(rs.b, ts.b));
}

// Scale 0: values below 2^15, packed.
HWY_INLINE NarrowSplit SplitNarrow(const std::array<VI16, kAdmBands>& o,
                                   const std::array<VI16, kAdmBands>& t,
                                   const GainLimit& limit) {
  const VI16 zero = hn::Zero(di16);
  const VI16 same = SameLanes(o, t);
  const bool any = !hn::AllTrue(di16, hn::Eq(same, zero));
  NarrowSplit split;
  for (const AdmBand band : kAllAdmBands) {
    const auto at = static_cast<size_t>(band);
    const VI16 n = hn::Abs(o[at]);
    const VI16 sign = hn::ShiftRight<15>(o[at]);
    const VI16 towards = ApplySign(t[at], sign);
    // Beyond twice o the gain is 1 anyway; products then fit 32 bits.
    const VI16 clamped =
        hn::Min(hn::Max(towards, zero), hn::SaturatedAdd(n, n));
    // The gain, t / o in 1/2^15, at most 1; negative, so that 1 fits.
    const auto negative_gain = [](VI32 divisor, VI32 dividend) {
      const VI32 product = hn::Mul(NegativeReciprocal30(divisor), dividend);
      return hn::ShiftRight<15>(hn::Add(product, hn::Set(di32, (1 << 14) - 1)));
    };
    const Halves ns = UnpackUnsigned(n);
    const Halves ts = UnpackUnsigned(clamped);
    const VI16 gain =
        Pack(negative_gain(ns.a, ts.a), negative_gain(ns.b, ts.b));
    VI16 r = hn::MulFixedPoint15(gain, hn::Neg(o[at]));
    if (any) {
      const VI16 forwards = ApplySign(r, sign);
      const VI16 enhanced =
          limit.whole > 0 ? EnhanceByWhole(forwards, towards, limit.whole)
                          : EnhanceByFraction(forwards, towards, limit.value);
      const auto restored = hn::And(hn::MaskFromVec(same), hn::Lt(gain, zero));
      r = hn::IfThenElse(restored, ApplySign(enhanced, sign), r);
    }
    split.restored[at] = r;
    split.added[at] = hn::Sub(t[at], r);
  }
  return split;
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

// A gradient of half a group, as numbers to be rounded and as they are.
struct Gradient {
  VF64 h;
  VF64 v;
  VI64 exact_h;
  VI64 exact_v;
};
HWY_INLINE hn::Mask<DF64> SameDirection(const Gradient& o, const Gradient& t) {
  const auto dot = [](const Gradient& a, const Gradient& b) {
    return hn::Add(hn::Mul(a.h, b.h), hn::Mul(a.v, b.v));
  };
  const VF64 product = dot(o, t);
  const VF64 square = hn::Mul(product, product);
  const VF64 bound = hn::Mul(
      hn::Mul(hn::Set(df64, double{kCosSquared}), dot(o, o)), dot(t, t));
  const auto sure = hn::Ge(hn::Abs(hn::Sub(square, bound)),
                           hn::Mul(bound, hn::Set(df64, kSurely)));
  if (HWY_LIKELY(hn::AllTrue(df64, sure))) {
    return hn::And(hn::Ge(product, hn::Zero(df64)), hn::Ge(square, bound));
  }
  const auto exact = [](const Gradient& a, const Gradient& b) {
    const auto multiply = [](VI64 x, VI64 y) {
      return hn::MulEven(hn::BitCast(di32, x), hn::BitCast(di32, y));
    };
    return RoundToFloat(hn::Add(multiply(a.exact_h, b.exact_h),
                                multiply(a.exact_v, b.exact_v)));
  };
  return SameDirection(exact(o, t), exact(o, o), exact(t, t));
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
  const VF64 sign = hn::And(o, hn::Set(df64, -0.0));
  const VF64 towards = hn::Xor(t, sign);
  // Beyond twice o the gain is 1 anyway; products then fit 53 bits.
  const VF64 clamped = hn::Min(hn::Max(towards, zero), hn::Add(n, n));
  const VF64 scaled = hn::Mul(hn::Mul(reciprocal, clamped),
                              hn::Mul(inverse_scale, hn::Set(df64, 0x1p-15)));
  const VF64 gain =
      hn::Min(hn::Floor(hn::Add(scaled, half)), hn::Set(df64, 32768.0));
  const VF64 r = hn::Floor(
      hn::Add(hn::Mul(hn::Mul(gain, o), hn::Set(df64, 0x1p-15)), half));
  // Up to t, but no more than L times, in the direction of o.
  const VF64 enhanced =
      hn::Trunc(hn::Min(hn::Mul(hn::Xor(r, sign), limit), towards));
  return hn::IfThenElse(hn::And(same, hn::Gt(gain, zero)),
                        hn::Xor(enhanced, sign), r);
}

HWY_INLINE WideSplit SplitWide(const std::array<VI32, kAdmBands>& o,
                               const std::array<VI32, kAdmBands>& t,
                               const GainLimit& gain_limit) {
  const VF64 limit = hn::Set(df64, gain_limit.value);
  std::array<Doubles, kAdmBands> os;
  std::array<Doubles, kAdmBands> ts;
  for (size_t band = 0; band < kAdmBands; ++band) {
    os[band] = ToDoubles(o[band]);
    ts[band] = ToDoubles(t[band]);
  }
  const auto lower = [](const std::array<VI32, kAdmBands>& exact,
                        const std::array<Doubles, kAdmBands>& v) {
    const auto widen = [&](AdmBand band) {
      return hn::PromoteTo(di64, hn::LowerHalf(dhalf32, exact[band]));
    };
    return Gradient{v[kAdmH].a, v[kAdmV].a, widen(kAdmH), widen(kAdmV)};
  };
  const auto upper = [](const std::array<VI32, kAdmBands>& exact,
                        const std::array<Doubles, kAdmBands>& v) {
    const auto widen = [&](AdmBand band) {
      return hn::PromoteTo(di64, hn::UpperHalf(dhalf32, exact[band]));
    };
    return Gradient{v[kAdmH].b, v[kAdmV].b, widen(kAdmH), widen(kAdmV)};
  };
  const auto same_a = SameDirection(lower(o, os), lower(t, ts));
  const auto same_b = SameDirection(upper(o, os), upper(t, ts));
  WideSplit split;
  for (size_t band = 0; band < kAdmBands; ++band) {
    split.restored[band] =
        ToInts(RestoreWide(os[band].a, ts[band].a, same_a, limit),
               RestoreWide(os[band].b, ts[band].b, same_b, limit));
    split.added[band] = hn::Sub(t[band], split.restored[band]);
  }
  return split;
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

// Scale 0, modulo 2^16 as libvmaf. Weights are taken apart so that words do.
HWY_INLINE void MaskNarrow(const NarrowSplit& split, size_t x,
                           const MaskRow& out) {
  std::array<VI16, kAdmBands> neighbour;
  std::array<VI16, kAdmBands> centre;
  const auto word = [](int32_t v) {
    return hn::Set(di16, static_cast<int16_t>(v));
  };
  constexpr auto kWeight =
      static_cast<int32_t>(AdmFixedWeight(0, kAdmH)) - (1 << 15);
  constexpr auto kDiagonal =
      (1 << 16) - static_cast<int32_t>(AdmFixedWeight(0, kAdmD));
  static_assert(AdmFixedWeight(0, kAdmV) == AdmFixedWeight(0, kAdmH));
  for (const AdmBand band : kAllAdmBands) {
    const VI16 added = split.added[band];
    // round(added W / 2^15), or (added W + 65535) >> 17
    const VI16 weighted =
        band == kAdmD
            ? hn::ShiftRight<1>(
                  hn::Sub(added, hn::MulHigh(added, word(kDiagonal))))
            : hn::Add(added, hn::MulFixedPoint15(added, word(kWeight)));
    // round(4369 m / 2^12) and round(8738 m / 2^12); a negative magnitude fits.
    const VI16 negative = hn::Min(weighted, hn::Neg(weighted));
    neighbour[band] = hn::Sub(
        hn::MulFixedPoint15(negative, word(-(4369 - 4096) * 8)), negative);
    centre[band] =
        hn::Sub(hn::MulFixedPoint15(negative, word(-(8738 - 8192) * 8)),
                hn::Add(negative, negative));
  }
  const auto sum = [](const std::array<VI16, kAdmBands>& v) {
    const Halves two = UnpackSums(v[kAdmH], v[kAdmV]);
    const Halves third = Unpack(v[kAdmD]);
    return Halves{hn::Add(two.a, third.a), hn::Add(two.b, third.b)};
  };
  const Halves n = sum(neighbour);
  const Halves c = sum(centre);
  hn::Store(n.a, di32, out.neighbour + x);
  hn::Store(n.b, di32, out.neighbour + x + kWide);
  hn::Store(hn::Sub(c.a, n.a), di32, out.centre + x);
  hn::Store(hn::Sub(c.b, n.b), di32, out.centre + x + kWide);
}

// Scales 1 to 3.
template <int kScale>
HWY_INLINE void MaskWide(const WideSplit& split, size_t x, const MaskRow& out) {
  VI32 neighbour = hn::Zero(di32);
  VI32 centre = hn::Zero(di32);
  for (const AdmBand band : kAllAdmBands) {
    const VI32 magnitude = hn::Abs(WeighAt28(
        split.added[band], static_cast<int32_t>(AdmFixedWeight(kScale, band))));
    const auto masked = [&](int32_t weight) {
      return HighOfProducts(magnitude, [&](VI32 lanes) {
        return hn::Sub(hn::MulEven(lanes, hn::Set(di32, weight)),
                       hn::Set(di64, int64_t{1} << 31));
      });
    };
    neighbour = hn::Add(neighbour, masked(143165577));
    centre = hn::Add(centre, masked(286331153));
  }
  hn::Store(neighbour, di32, out.neighbour + x);
  hn::Store(hn::Sub(centre, neighbour), di32, out.centre + x);
}

// --- The pass over a scale
// ----------------------------------------------------

// Rows of the scratch memory: the distorted bands, then rings of rows that wait
// for the one below. Bands are narrow at scale 0.
enum Rows { kBands = 0, kRestored = 3, kNeighbour = 12, kCentre = 15 };
constexpr int kRing = 3;
static_assert(kCentre + kRing == AdmScratch::kBandRows);
static_assert(kNeighbour == AdmScratch::kNarrowRows);

template <int kScale>
class ScorePass {
 public:
  ScorePass(const AdmReferenceScale& reference, double gain_limit,
            AdmScratch& scratch)
      : reference_(reference),
        region_(AdmRegionOf(reference.width, reference.height)),
        wanted_(WantedOf(reference)),
        scratch_(scratch),
        gain_limit_(gain_limit) {
    for (const AdmBand band : kAllAdmBands) {
      shifts_[band] =
          AdmShiftsOf(kScale, band, reference.width, reference.height);
    }
  }

  template <typename Sample>
  AdmSums Run(Wavelet<kScale, Sample>& wavelet) {
    const RowsOfBands bands = ThreeRows(kBands);
    for (int y = 0; y < reference_.height; ++y) {
      if (y < wanted_.first || y >= wanted_.end) {
        wavelet.Row(y);
        continue;
      }
      wavelet.Row(y, wanted_.columns,
                  [&](AdmBand band, size_t x, const Halves& values) {
                    if constexpr (kScale == 0) {
                      hn::Store(Pack(values.a, values.b), di16,
                                bands[band] + x);
                    } else {
                      hn::Store(values.a, di32, bands[band] + x);
                      hn::Store(values.b, di32, bands[band] + x + kWide);
                    }
                  });
      SplitAndMask(y);
      if (y - 1 >= region_.top) AddRow(y - 1);
    }
    // A region that reaches the last row has nothing below it.
    if (region_.bottom == reference_.height) AddRow(region_.bottom - 1);
    return sums_;
  }

 private:
  using Value = std::conditional_t<kScale == 0, int16_t, int32_t>;
  using RowsOfBands = std::array<Value*, kAdmBands>;
  RowsOfBands ThreeRows(int first) {
    const auto row = [&](int index) {
      if constexpr (kScale == 0) {
        return scratch_.narrow_row(index);
      } else {
        return scratch_.row(index);
      }
    };
    return {row(first), row(first + 1), row(first + 2)};
  }
  RowsOfBands Restored(int y) { return ThreeRows(kRestored + 3 * (y % kRing)); }
  int32_t* Neighbour(int y) { return scratch_.row(kNeighbour + y % kRing); }
  int32_t* Centre(int y) { return scratch_.row(kCentre + y % kRing); }

  void SplitNarrowRow(int y, const MaskRow& mask) {
    const RowsOfBands bands = ThreeRows(kBands);
    const RowsOfBands restored = Restored(y);
    for (size_t x = wanted_.columns.begin; x < wanted_.columns.end;
         x += kGroup) {
      std::array<VI16, kAdmBands> o;
      std::array<VI16, kAdmBands> t;
      for (const AdmBand band : kAllAdmBands) {
        o[band] = hn::LoadU(di16, reference_.narrow[band].row(y) + x);
        t[band] = hn::Load(di16, bands[band] + x);
      }
      const NarrowSplit split = SplitNarrow(o, t, gain_limit_);
      for (const AdmBand band : kAllAdmBands) {
        hn::Store(split.restored[band], di16, restored[band] + x);
      }
      MaskNarrow(split, x, mask);
    }
  }

  void SplitWideRow(int y, const MaskRow& mask) {
    const RowsOfBands bands = ThreeRows(kBands);
    const RowsOfBands restored = Restored(y);
    for (size_t x = wanted_.columns.begin; x < wanted_.columns.end;
         x += kWide) {
      std::array<VI32, kAdmBands> o;
      std::array<VI32, kAdmBands> t;
      for (const AdmBand band : kAllAdmBands) {
        o[band] = hn::LoadU(di32, reference_.wide[band].row(y) + x);
        t[band] = hn::Load(di32, bands[band] + x);
      }
      const WideSplit split = SplitWide(o, t, gain_limit_);
      for (const AdmBand band : kAllAdmBands) {
        hn::Store(split.restored[band], di32, restored[band] + x);
      }
      MaskWide<kScale>(split, x, mask);
    }
  }

  void SplitAndMask(int y) {
    const MaskRow mask{Neighbour(y), Centre(y)};
    if constexpr (kScale == 0) {
      SplitNarrowRow(y, mask);
    } else {
      SplitWideRow(y, mask);
    }
    int32_t* row = mask.neighbour;
    const auto width = static_cast<size_t>(reference_.width);
    if (region_.left == 0) {
      row[-1] = row[std::min<size_t>(1, width - 1)];
      row[width] = row[width - 1];
    }
  }

  static HWY_INLINE Halves LoadHalves(const Value* row) {
    if constexpr (kScale == 0) {
      return Unpack(hn::Load(di16, row));
    } else {
      return {hn::Load(di32, row), hn::Load(di32, row + kWide)};
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
    const auto threshold = [&](size_t x) REEL_INLINE_LAMBDA {
      const auto column = [&](ptrdiff_t offset) {
        const auto load = [&](const int32_t* row) {
          return hn::LoadU(di32, row + static_cast<ptrdiff_t>(x) + offset);
        };
        return hn::Add(load(above), hn::Add(load(here), load(below)));
      };
      return hn::Add(hn::Add(column(-1), column(0)),
                     hn::Add(column(1), hn::Load(di32, centre + x)));
    };
    ForEachGroup(region_.left, region_.right, [&](size_t x, const auto& keep) {
      const Halves bound{threshold(x), threshold(x + kWide)};
      for (const AdmBand band : kAllAdmBands) {
        const Halves values = LoadHalves(restored[band] + x);
        const Halves visible = keep(Halves{Visible(band, values.a, bound.a),
                                           Visible(band, values.b, bound.b)});
        for (const VI32 v : {visible.a, visible.b}) {
          sums[band] =
              AddCubes(sums[band], hn::BitCast(du32, v),
                       shifts_[band].num_square, shifts_[band].num_cube);
        }
      }
    });
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
  Wanted wanted_;
  AdmScratch& scratch_;
  GainLimit gain_limit_;
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

void AdmPicture::Borrow(Lender& lender, int scale, int width, int height) {
  if (scale == 0) {
    narrow.Borrow(lender, width, height);
  } else {
    wide.Borrow(lender, width, height);
  }
}

base::Status AdmReferenceScale::Allocate(int scale, int band_width,
                                         int band_height) {
  width = band_width;
  height = band_height;
  const AdmRegion region = AdmRegionAndNeighbours(width, height);
  // Kernels begin with a whole group of columns.
  constexpr int kLargestGroup = kVectorBytes / sizeof(int16_t);
  const int left = region.left / kLargestGroup * kLargestGroup;
  const PlanePart part{.first_column = left,
                       .first_row = region.top,
                       .columns = region.right - left,
                       .rows = region.bottom - region.top};
  for (const AdmBand band : kAllAdmBands) {
    REEL_TRY(scale == 0 ? narrow[band].Allocate(width, height, part)
                        : wide[band].Allocate(width, height, part));
  }
  return {};
}

base::Status AdmScratch::Allocate(int width) {
  const size_t padded = PadToVector(static_cast<size_t>(width));
  REEL_TRY(words_.Allocate(kWordRows, padded));
  REEL_TRY(narrow_rows_.Allocate(kNarrowRows, PadToVector(padded / 2)));
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
