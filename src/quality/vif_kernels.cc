#include "quality/vif_kernels.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "quality/fixed_point.h"
#include "quality/pair_taps.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quality/vif_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quality/kernel_ops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace reel::quality {
namespace HWY_NAMESPACE {

template <int kScale>
constexpr auto TapsOf() {
  if constexpr (kScale == 0) return MakePairTaps<9>(kVifTaps0);
  if constexpr (kScale == 1) return MakePairTaps<5>(kVifTaps1);
  if constexpr (kScale == 2) return MakePairTaps<3>(kVifTaps2);
  if constexpr (kScale == 3) {
    // The middle tap is no signed word: it comes in halves.
    constexpr uint32_t kSide = kVifTaps3[1];
    constexpr uint32_t kHalf = kVifTaps3[0] / 2;
    return PairTaps<4>{{-2, 0, 0, 2},
                       {Pair(0, kSide), Pair(kHalf, kSide), Pair(kHalf, 0), 0},
                       {0, Pair(kSide, kHalf), Pair(0, kHalf), Pair(kSide, 0)}};
  }
}
template <int kScale>
constexpr auto kTaps = TapsOf<kScale>();
// Of the window that makes the next scale's picture: its own, at even places.
template <int kScale>
constexpr auto kNextTaps = TapsOf<kScale + 1>();

// Row pairs y + offset of one picture. By value where they are used, so that
// they stay in registers: stores of vectors might change memory.
using PairRows = std::array<const uint16_t*, VifScratch::kRingPairs>;

// Feeds a picture's rows into a ring, mirrored at the top and the bottom.
//   Sample  uint8_t or uint16_t
//   kBias   is subtracted (modulo 2^16)
template <typename Sample, int kBias>
class Ring {
 public:
  Ring(const PictureView& picture, VifScratch& scratch, int which, int first)
      : picture_(picture), scratch_(scratch), which_(which), next_(first / 2) {}

  // The row pairs from `first` to `last`, even rows; calls go down.
  HWY_INLINE PairRows Rows(int first, int last) {
    for (; next_ <= last / 2; ++next_) Fill(next_);
    PairRows rows{};
    for (int pair = first / 2; pair <= last / 2; ++pair) {
      rows[static_cast<size_t>(pair - first / 2)] = Slot(pair);
    }
    return rows;
  }

 private:
  uint16_t* Slot(int pair) {
    constexpr int kPairs = VifScratch::kRingPairs;
    return scratch_.ring(which_, (pair + kPairs) % kPairs);
  }
  const Sample* SourceRow(int row) const {
    const auto* bytes = static_cast<const uint8_t*>(picture_.data);
    return reinterpret_cast<const Sample*>(
        bytes + Mirror(row, picture_.height) * picture_.stride_bytes);
  }
  void Fill(int pair) {
    const Sample* upper = SourceRow(2 * pair);
    const Sample* lower = SourceRow(2 * pair + 1);
    uint16_t* out = Slot(pair);
    const auto width = static_cast<size_t>(picture_.width);
    const VU16 bias = hn::Set(du16, static_cast<uint16_t>(kBias));
    for (size_t x = 0; x < width; x += kGroup, out += 2 * kGroup) {
      const auto load = [&](const Sample* row) {
        return hn::BitCast(di32, hn::Sub(LoadSamples(row, x, width), bias));
      };
      const VI32 a = load(upper);
      const VI32 b = load(lower);
      hn::Store(hn::BitCast(du16, MergeLow(a, b)), du16, out);
      hn::Store(hn::BitCast(du16, MergeHigh(a, b)), du16, out + kGroup);
    }
  }

  const PictureView& picture_;
  VifScratch& scratch_;
  int which_;
  int next_;
};

// Constructors are written out where vectors are inside: compilers forget the
// target in their own.

// What one vector of row pairs gives for two rows of output.
struct TwoRows {
  PairSum upper;
  PairSum lower;
  explicit HWY_INLINE TwoRows(int32_t start = 0) : upper(start), lower(start) {}
  HWY_INLINE void Add(VI16 words, VI16 even, VI16 odd) {
    upper.Add(words, even);
    lower.Add(words, odd);
  }
};

// Weighted sums of products as 32-bit numbers less 2^31.
struct Squares {
  VI32 upper;
  VI32 lower;
};

// Of 16-bit samples: products have 32 bits, and are summed by halves.
struct WideSquares {
  TwoRows high;
  TwoRows low;
  HWY_INLINE WideSquares() : high(0), low(0) {}
  HWY_INLINE void Add(VU16 a, VU16 b, VI16 even, VI16 odd) {
    high.Add(FlipSign(hn::MulHigh(a, b)), even, odd);
    low.Add(FlipSign(hn::Mul(a, b)), even, odd);
  }
  // shift: 1..16, rounded
  static HWY_INLINE VI32 Join(const PairSum& high, const PairSum& low,
                              int shift) {
    const VU32 bias = hn::Set(du32, uint32_t{1} << 31);
    const VU32 h = hn::Add(hn::BitCast(du32, high.Get()), bias);
    const VU32 l = hn::Add(
        hn::BitCast(du32, low.Get()),
        hn::Set(du32, (uint32_t{1} << 31) + (uint32_t{1} << (shift - 1))));
    const VU32 sum =
        hn::Add(hn::ShiftLeftSame(h, 16 - shift), hn::ShiftRightSame(l, shift));
    return hn::BitCast(di32, hn::Sub(sum, bias));
  }
  HWY_INLINE Squares Get(int shift) const {
    return {Join(high.upper, low.upper, shift),
            Join(high.lower, low.lower, shift)};
  }
};

// Rows after the pass along columns: index of `row` in the scratch memory, for
// the upper of two rows; the lower one's is 5 more.
enum Row { kMean, kSquareHigh, kSquareLow, kCrossHigh, kCrossLow, kRowKinds };
static_assert(2 * kRowKinds == VifScratch::kRows);

struct OutRows {
  std::array<int16_t*, kRowKinds> at;
  HWY_INLINE void StoreMean(size_t x, VI32 even, VI32 odd) const {
    hn::Store(MergeLow(even, odd), di16, at[kMean] + x);
  }
  HWY_INLINE void StoreSquares(int high, size_t x, VI32 even, VI32 odd) const {
    StoreWords(even, odd, x, at[high], at[high + 1]);
  }
};

// One column vector's sums over rows.
struct Column {
  VI32 mean[2];
  Squares square;
  Squares cross;
};

// The pass along columns, of one vector of ring words, 8-bit samples. Products
// fit into words: p * p is centred, (p - 128) * d fits as it is.
//   kWithReference  the reference, with 128 taken off, lies `p_at - at` away,
//                   and the cross product is made
template <bool kWithReference>
HWY_INLINE Column SumColumn8(const PairRows& d, size_t at, size_t p_at) {
  constexpr auto& taps = kTaps<0>;
  // Mean: rounded to 1/256 and centred. Cross: with 128 * d made good below,
  // and 2^31 off.
  TwoRows mean(128 - (1 << 23));
  TwoRows square;
  TwoRows cross(-(1 << 30) - (1 << 14));
  for (size_t i = 0; i < taps.kPairs; ++i) {
    const VI16 even = SetTaps(taps.even[i]);
    const VI16 odd = SetTaps(taps.odd[i]);
    const VI16 words = hn::BitCast(di16, hn::Load(du16, d[i] + at));
    mean.Add(words, even, odd);
    square.Add(FlipSign(hn::BitCast(du16, hn::Mul(words, words))), even, odd);
    if constexpr (kWithReference) {
      const VI16 other = hn::BitCast(di16, hn::Load(du16, d[i] + p_at));
      cross.Add(hn::Mul(words, other), even, odd);
    }
  }
  const VI32 upper = mean.upper.Get();
  const VI32 lower = mean.lower.Get();
  Column out{{hn::ShiftRight<8>(upper), hn::ShiftRight<8>(lower)},
             {square.upper.Get(), square.lower.Get()},
             {}};
  if constexpr (kWithReference) {
    out.cross = {hn::Add(cross.upper.Get(), hn::ShiftLeft<7>(upper)),
                 hn::Add(cross.lower.Get(), hn::ShiftLeft<7>(lower))};
  }
  return out;
}

// Likewise of 16-bit samples.
template <int kScale, bool kWithReference>
HWY_INLINE Column SumColumn16(const PairRows& d, size_t at, size_t p_at,
                              VifShifts shifts) {
  constexpr auto& taps = kTaps<kScale>;
  const auto slot = [&](size_t i) {
    return static_cast<size_t>((taps.offsets[i] - taps.offsets[0]) / 2);
  };
  TwoRows mean;
  WideSquares square;
  for (size_t i = 0; i < taps.kPairs; ++i) {
    const VI16 even = SetTaps(taps.even[i]);
    const VI16 odd = SetTaps(taps.odd[i]);
    const VU16 words = hn::Load(du16, d[slot(i)] + at);
    mean.Add(FlipSign(words), even, odd);
    square.Add(words, words, even, odd);
  }
  const auto finish = [&](const PairSum& sum) {
    const VU32 value =
        hn::Add(hn::BitCast(du32, sum.Get()),
                hn::Set(du32, (uint32_t{1} << 31) +
                                  (uint32_t{1} << (shifts.mean - 1))));
    return hn::BitCast(di32, hn::Sub(hn::ShiftRightSame(value, shifts.mean),
                                     hn::Set(du32, uint32_t{1} << 15)));
  };
  Column out{
      {finish(mean.upper), finish(mean.lower)}, square.Get(shifts.square), {}};
  if constexpr (kWithReference) {
    // Apart, so that all sums stay in 16 registers.
    WideSquares cross;
    for (size_t i = 0; i < taps.kPairs; ++i) {
      cross.Add(hn::Load(du16, d[slot(i)] + at),
                hn::Load(du16, d[slot(i)] + p_at), SetTaps(taps.even[i]),
                SetTaps(taps.odd[i]));
    }
    out.cross = cross.Get(shifts.square);
  }
  return out;
}

template <typename Sample, int kScale, bool kWithReference>
HWY_INLINE Column SumColumn(const PairRows& d, size_t at, size_t p_at,
                            VifShifts shifts) {
  if constexpr (sizeof(Sample) == 1) {
    return SumColumn8<kWithReference>(d, at, p_at);
  } else {
    return SumColumn16<kScale, kWithReference>(d, at, p_at, shifts);
  }
}

// Continues a row to both sides, mirrored.
HWY_INLINE void MirrorSides(int16_t* row, size_t width) {
  const auto end = static_cast<ptrdiff_t>(width);
  for (ptrdiff_t i = 1; i <= kVifMaxReach; ++i) {
    row[-i] = row[std::min(i, end - 1)];
    row[end - 1 + i] = row[std::max<ptrdiff_t>(end - 1 - i, 0)];
  }
}

// The group of columns at x, in two rows.
template <typename Sample, int kScale, bool kWithReference>
HWY_INLINE void FilterGroup(const PairRows& d, size_t to_reference, size_t x,
                            VifShifts shifts, const OutRows& upper,
                            const OutRows& lower) {
  const auto sum = [&](size_t at) {
    return SumColumn<Sample, kScale, kWithReference>(d, at, at + to_reference,
                                                     shifts);
  };
  const Column even = sum(2 * x);
  const Column odd = sum(2 * x + kGroup);
  upper.StoreMean(x, even.mean[0], odd.mean[0]);
  lower.StoreMean(x, even.mean[1], odd.mean[1]);
  upper.StoreSquares(kSquareHigh, x, even.square.upper, odd.square.upper);
  lower.StoreSquares(kSquareHigh, x, even.square.lower, odd.square.lower);
  if constexpr (kWithReference) {
    upper.StoreSquares(kCrossHigh, x, even.cross.upper, odd.cross.upper);
    lower.StoreSquares(kCrossHigh, x, even.cross.lower, odd.cross.lower);
  }
}

//   to_reference  from any of the rows to the reference's
//   cross         of each group, whether its products with the reference are
//                 wanted
template <typename Sample, int kScale, bool kWithReference>
void FilterColumns(const PairRows d, size_t to_reference, size_t width,
                   VifShifts shifts, const uint8_t* cross, const OutRows& upper,
                   const OutRows& lower) {
  for (size_t x = 0; x < width; x += kGroup) {
    if (kWithReference && cross[x / kGroup] != 0) {
      FilterGroup<Sample, kScale, kWithReference>(d, to_reference, x, shifts,
                                                  upper, lower);
    } else {
      FilterGroup<Sample, kScale, false>(d, to_reference, x, shifts, upper,
                                         lower);
    }
  }
  for (const OutRows* rows : {&upper, &lower}) {
    for (int kind = 0; kind < (kWithReference ? kRowKinds : kCrossHigh);
         ++kind) {
      MirrorSides(rows->at[static_cast<size_t>(kind)], width);
    }
  }
}

// Moments of one vector of columns, all even or all odd.
struct Moments {
  VU32 mean;    // sum of taps * means
  VU32 square;  // E[d * d] in 2^-16 squared levels, less 2^31
  VU32 cross;   // E[p * d], likewise
};

// Sums along a row of the kinds from kFirst on, for even and odd columns.
template <int kScale, int kFirst, size_t kCount>
HWY_INLINE void SumRow(const OutRows& rows, size_t x, PairSum (&even)[kCount],
                       PairSum (&odd)[kCount]) {
  constexpr auto& taps = kTaps<kScale>;
  for (size_t i = 0; i < taps.kPairs; ++i) {
    const VI16 even_taps = SetTaps(taps.even[i]);
    const VI16 odd_taps = SetTaps(taps.odd[i]);
    for (size_t kind = 0; kind < kCount; ++kind) {
      const VI16 words = InRegister(
          hn::LoadU(di16, rows.at[kFirst + kind] + x + taps.offsets[i]));
      even[kind].Add(words, even_taps);
      odd[kind].Add(words, odd_taps);
    }
  }
}

// A number filtered by its words, less 2^31.
HWY_INLINE VU32 JoinWords(const PairSum& high, const PairSum& low) {
  const VU32 l = hn::Add(hn::BitCast(du32, low.Get()),
                         hn::Set(du32, (uint32_t{1} << 31) + (1 << 15)));
  return hn::Add(hn::BitCast(du32, high.Get()), hn::ShiftRight<16>(l));
}

// The pass along a row at columns x.. x + kGroup.
template <int kScale, bool kWithReference>
HWY_INLINE void FilterRow(const OutRows& rows, size_t x, Moments& even,
                          Moments& odd) {
  const auto finish = [&](const PairSum* sums, Moments& out) {
    out.mean = hn::Add(hn::BitCast(du32, sums[kMean].Get()),
                       hn::Set(du32, uint32_t{1} << 31));
    out.square = JoinWords(sums[kSquareHigh], sums[kSquareLow]);
  };
  const auto finish_cross = [&](const PairSum* sums, Moments& out) {
    out.cross = JoinWords(sums[0], sums[1]);
  };
  // All sums are to stay in registers: AVX-512 has 32, others 16.
  constexpr bool kAtOnce = hn::MaxLanes(DI32()) == 16;
  if constexpr (kWithReference && kAtOnce) {
    PairSum e[kRowKinds];
    PairSum o[kRowKinds];
    SumRow<kScale, kMean>(rows, x, e, o);
    finish(e, even);
    finish(o, odd);
    finish_cross(e + kCrossHigh, even);
    finish_cross(o + kCrossHigh, odd);
    return;
  }
  PairSum e[kCrossHigh];
  PairSum o[kCrossHigh];
  SumRow<kScale, kMean>(rows, x, e, o);
  finish(e, even);
  finish(o, odd);
  if constexpr (kWithReference) {
    PairSum cross_e[2];
    PairSum cross_o[2];
    SumRow<kScale, kCrossHigh>(rows, x, cross_e, cross_o);
    finish_cross(cross_e, even);
    finish_cross(cross_o, odd);
  }
}

// round(a * b / 2^32) - 2^31
HWY_INLINE VU32 MulHighRounded(VU32 a, VU32 b) {
  const VU64 half = hn::Set(du64, uint64_t{1} << 31 | uint64_t{1} << 63);
  const VU64 even = hn::Add(hn::MulEven(a, b), half);
  const VU64 odd = hn::Add(hn::MulEven(OddLanes(a), OddLanes(b)), half);
  return hn::OddEven(hn::BitCast(du32, odd),
                     hn::BitCast(du32, hn::ShiftRight<32>(even)));
}

//   product  less 2^31
HWY_INLINE VI32 Covariance(VU32 product, VU32 mean_a, VU32 mean_b) {
  return hn::BitCast(di32, hn::Sub(product, MulHighRounded(mean_a, mean_b)));
}

// The fixed-point logarithm of whole numbers from 2^16 to 2^31, less kLogBias,
// is octaves * FixedLog2::kOne + rest. Sums of differences keep to the parts.
struct LogParts {
  VI32 octaves;
  VI32 rest;
};
// Whether logarithms are looked up: vectors without FMA, or of 4 lanes.
constexpr bool kLooksUpLogs = hn::MaxLanes(DI32()) < 8;
// The bits of a float of this size hold a whole number in the lowest ones.
constexpr int32_t kWholeBits = 0x4b400000;  // 1.5 * 2^23
constexpr int32_t kLogBias =
    127 * FixedLog2::kOne + (kLooksUpLogs ? 15 * FixedLog2::kOne : kWholeBits);

// The bits of a number as a float, of which the exponent and the first 15
// matter. Those that a float may round by are cleared before: of a number of
// n + 1 bits, bit n - 17 at least, where any carry ends.
HWY_INLINE VU32 FloatBits(VI32 number) {
  const hn::ScalableTag<float> df32;
  const VI32 cut = hn::AndNot(hn::ShiftRight<17>(number), number);
  return hn::BitCast(du32, hn::ConvertTo(df32, cut));
}

// The first three bits of what follows a float's exponent, to look up by.
HWY_INLINE auto EighthOf(VU32 bits) {
  const hn::ScalableTag<float> df32;
  const VU32 first = hn::ShiftRight<20>(bits);
#if HWY_ARCH_X86
  // Of an index, only the bits that choose among all lanes count.
  return decltype(hn::IndicesFromVec(df32, first)){first.raw};
#else
  return hn::IndicesFromVec(df32, hn::And(first, hn::Set(du32, 7)));
#endif
}

HWY_INLINE LogParts FixedLog(VI32 number, const uint16_t* table) {
  const VU32 bits = FloatBits(number);
  const VI32 octaves = hn::BitCast(di32, hn::ShiftRight<23>(bits));
  if constexpr (kLooksUpLogs) {
    const VU32 index = hn::And(hn::ShiftRight<8>(bits), hn::Set(du32, 0x7fff));
    const VI32 entry =
        hn::GatherOffset(di32, reinterpret_cast<const int32_t*>(table),
                         hn::BitCast(di32, hn::Add(index, index)));
    return {octaves, hn::And(entry, hn::Set(di32, 0xffff))};
  } else {
    // Gathering costs more than computing. In each eighth of 1..2, about its
    // middle c: 2048 log2(c), which is 1/1024 less than a whole number, and a
    // polynomial in x / c - 1 through Chebyshev nodes. The table is made of
    // logarithms rounded to float, in steps of 1/512 here, so that all from
    // 1/1024 below a half are rounded up. Adding 1.5 * 2^23 rounds.
    // vif_kernels_test.cc tries all numbers.
    static constexpr float kInverse[16] = {
        0.949213922F, 0.848903418F, 0.768500209F, 0.701623917F,
        0.645354807F, 0.597630084F, 0.556439757F, 0.520549059F,
        0.949213922F, 0.848903418F, 0.768500209F, 0.701623917F,
        0.645354807F, 0.597630084F, 0.556439757F, 0.520549059F};
    constexpr float kRound = 12582912.0F;
    static constexpr float kMiddle[16] = {
        kRound + 154,  kRound + 484,  kRound + 778,  kRound + 1047,
        kRound + 1294, kRound + 1521, kRound + 1732, kRound + 1929,
        kRound + 154,  kRound + 484,  kRound + 778,  kRound + 1047,
        kRound + 1294, kRound + 1521, kRound + 1732, kRound + 1929};
    const hn::ScalableTag<float> df32;
    const auto eighth = EighthOf(bits);
    const auto mantissa =
        hn::BitCast(df32, hn::Or(hn::And(bits, hn::Set(du32, 0x7fff00)),
                                 hn::Set(du32, 0x3f800000)));
    const auto pick = [&](const float* entries) {
      return hn::TableLookupLanes(hn::LoadU(df32, entries), eighth);
    };
    const auto r = hn::MulSub(mantissa, pick(kInverse), hn::Set(df32, 1.0F));
    auto p = hn::Set(df32, -741.558228F);
    for (const float c : {987.059021F, -1477.31763F, 2954.63818F}) {
      p = hn::MulAdd(p, r, hn::Set(df32, c));
    }
    return {octaves, hn::BitCast(di32, hn::MulAdd(p, r, pick(kMiddle)))};
  }
}
HWY_INLINE VI32 WholeLog(const LogParts& log) {
  return hn::Add(hn::ShiftLeft<11>(log.octaves), log.rest);
}
static_assert(FixedLog2::kOne == 1 << 11);

struct Gain {
  VF64 rest;    // s2 - g s12, what is not the reference's
  VF64 signal;  // g^2 s1
};
HWY_INLINE Gain GainOf(VF64 s1, VF64 s2, VF64 s12, VF64 limit) {
  const VF64 g = hn::Div(s12, hn::Add(s1, hn::Set(df64, kVifEpsilon)));
  const VF64 limited = hn::Min(g, limit);
  return {hn::Sub(s2, hn::Mul(g, s12)), hn::Mul(hn::Mul(limited, limited), s1)};
}

// Sums of one row.
struct RowSums {
  LogParts log;
  VU64 flat;
  HWY_INLINE RowSums()
      : log{hn::Zero(di32), hn::Zero(di32)}, flat(hn::Zero(du64)) {}
};

// Variances of one vector of columns.
struct Variances {
  VI32 s1;   // of the reference
  VI32 s2;   // of the distorted picture, at least 0
  VI32 s12;  // covariance
};

// Adds what is not flat; gives the variance of what is.
HWY_INLINE VI32 AddInformation(const Variances& v, VF64 limit,
                               const uint16_t* table, RowSums& sums) {
  const VI32 zero = hn::Zero(di32);
  const VI32 noise_of_eye = hn::Set(di32, kVifNoise);
  const auto flat = hn::Lt(v.s1, noise_of_eye);
  const VI32 flat_variance = hn::IfThenElseZero(flat, v.s2);
  // Others get a covariance of 0, which adds nothing.
  const VI32 s12 = hn::IfThenElseZero(
      hn::AndNot(flat, hn::Gt(hn::Min(v.s12, v.s2), zero)), v.s12);
  const Doubles p = ToDoubles(v.s1);
  const Doubles d = ToDoubles(v.s2);
  const Doubles c = ToDoubles(s12);
  const Gain a = GainOf(p.a, d.a, c.a, limit);
  const Gain b = GainOf(p.b, d.b, c.b, limit);
  const VI32 noise =
      hn::Add(hn::Max(ToInts(a.rest, b.rest), zero), noise_of_eye);
  const LogParts all =
      FixedLog(hn::Add(noise, ToInts(a.signal, b.signal)), table);
  const LogParts less = FixedLog(noise, table);
  sums.log.octaves =
      hn::Add(sums.log.octaves, hn::Sub(all.octaves, less.octaves));
  sums.log.rest = hn::Add(sums.log.rest, hn::Sub(all.rest, less.rest));
  return flat_variance;
}

// Lanes of even and of odd columns inside the picture.
//   kWhole  whether all are
template <bool kWhole>
class Inside {
 public:
  HWY_INLINE Inside(size_t x, size_t width)
      : even_(Count(width - x + 1)), odd_(Count(width - x)) {}
  HWY_INLINE VI32 Even(VI32 v) const { return Keep(even_, v); }
  HWY_INLINE VI32 Odd(VI32 v) const { return Keep(odd_, v); }

 private:
  static HWY_INLINE VI32 Count(size_t columns) {
    return hn::Set(di32, static_cast<int32_t>(columns / 2));
  }
  static HWY_INLINE VI32 Keep(VI32 lanes, VI32 v) {
    if constexpr (kWhole) return v;
    return hn::IfThenElseZero(hn::Lt(Lane32(), lanes), v);
  }
  VI32 even_;
  VI32 odd_;
};

// group(x, inside) of every group of a row.
template <typename Group>
HWY_INLINE void ForEachGroup(size_t width, const Group& group) {
  const size_t whole = width / kGroup * kGroup;
  for (size_t x = 0; x < whole; x += kGroup) group(x, Inside<true>(x, width));
  if (whole < width) group(whole, Inside<false>(whole, width));
}

OutRows RowsOf(VifScratch& scratch, int which) {
  OutRows rows{};
  for (int kind = 0; kind < kRowKinds; ++kind) {
    rows.at[static_cast<size_t>(kind)] = scratch.row(which * kRowKinds + kind);
  }
  return rows;
}

// One row of the picture of the scale below, from row pairs around an even row.
template <int kScale, typename Sample>
void MakeNextRow(const PairRows& rows, int first, int mean_shift, size_t width,
                 int16_t* work, uint16_t* out, size_t out_width) {
  constexpr auto& taps = kNextTaps<kScale>;
  const auto slot = [&](size_t i) {
    return rows[static_cast<size_t>((taps.offsets[i] - first) / 2)];
  };
  // 8-bit samples are signed words as they are, others must be centred.
  const VU32 start =
      hn::Set(du32, (sizeof(Sample) == 1 ? 0 : uint32_t{1} << 31) +
                        (uint32_t{1} << (mean_shift - 1)));
  for (size_t x = 0; x < width; x += kGroup) {
    const auto sum = [&](size_t at) {
      PairSum total;
      for (size_t i = 0; i < taps.kPairs; ++i) {
        const VU16 raw = hn::Load(du16, slot(i) + at);
        const VI16 words =
            sizeof(Sample) == 1 ? hn::BitCast(di16, raw) : FlipSign(raw);
        total.Add(words, SetTaps(taps.even[i]));
      }
      const VU32 value = hn::Add(hn::BitCast(du32, total.Get()), start);
      return hn::BitCast(di32, hn::ShiftRightSame(value, mean_shift));
    };
    hn::Store(
        FlipSign(hn::BitCast(du16, MergeLow(sum(2 * x), sum(2 * x + kGroup)))),
        di16, work + x);
  }
  MirrorSides(work, width);
  const hn::Rebind<uint16_t, DI32> dnarrow;
  const VU32 middle = hn::Set(du32, (uint32_t{1} << 31) + (uint32_t{1} << 15));
  for (size_t x = 0; x < out_width; x += hn::Lanes(di32)) {
    PairSum total;
    for (size_t i = 0; i < taps.kPairs; ++i) {
      total.Add(hn::LoadU(di16, work + 2 * x + taps.offsets[i]),
                SetTaps(taps.even[i]));
    }
    const VU32 value = hn::Add(hn::BitCast(du32, total.Get()), middle);
    hn::StoreU(
        hn::DemoteTo(dnarrow, hn::BitCast(di32, hn::ShiftRight<16>(value))),
        dnarrow, out + x);
  }
}

// Groups whose cross products rows y and y + 1 need: those with detail in the
// reference, and their neighbours.
HWY_INLINE void MarkCross(const VifReferenceScale& reference, int y,
                          const PictureView& picture, uint8_t* cross) {
  const size_t groups =
      (static_cast<size_t>(picture.width) + kGroup - 1) / kGroup;
  std::fill_n(cross, groups + 1, uint8_t{0});
  for (int row = y; row < std::min(y + 2, picture.height); ++row) {
    const uint8_t* detailed = reference.detailed_row(row);
    for (size_t group = 0; group < groups; ++group) {
      if (detailed[group] == 0) continue;
      cross[group == 0 ? 0 : group - 1] = 1;
      cross[group] = cross[group + 1] = 1;
    }
  }
}

// Both passes over a picture, two rows at a time. With a reference, products
// with its picture are made where it has detail.
//   each(y, rows) is called for each row in order
template <typename Sample, int kScale, bool kWithReference, typename Each>
HWY_INLINE void ForEachRow(const PictureView* reference,
                           const VifReferenceScale* reference_scale,
                           const PictureView& picture, VifScratch& scratch,
                           OwnPlane<uint16_t>* next, const Each& each) {
  // 8-bit cross products need one side centred.
  constexpr int kBias = sizeof(Sample) == 1 ? 128 : 0;
  constexpr int kFirst = kTaps<kScale>.offsets.front();
  constexpr int kLast = kTaps<kScale>.offsets.back();
  const VifShifts shifts = VifShiftsOf(kScale, picture.bit_depth);
  const auto width = static_cast<size_t>(picture.width);
  Ring<Sample, 0> d(picture, scratch, 0, kFirst);
  Ring<Sample, kBias> p(kWithReference ? *reference : picture, scratch, 1,
                        kFirst);
  const auto to_reference =
      static_cast<size_t>(scratch.ring(1, 0) - scratch.ring(0, 0));
  const OutRows upper = RowsOf(scratch, 0);
  const OutRows lower = RowsOf(scratch, 1);
  for (int y = 0; y < picture.height; y += 2) {
    if constexpr (kWithReference) p.Rows(y + kFirst, y + kLast);
    const PairRows d_rows = d.Rows(y + kFirst, y + kLast);
    if constexpr (kScale + 1 < kVifScales) {
      if (y / 2 < next->height) {
        MakeNextRow<kScale, Sample>(d_rows, kFirst, shifts.mean, width,
                                    upper.at[kMean], next->row(y / 2),
                                    static_cast<size_t>(next->width));
      }
    }
    if constexpr (kWithReference) {
      MarkCross(*reference_scale, y, picture, scratch.cross());
    }
    FilterColumns<Sample, kScale, kWithReference>(
        d_rows, to_reference, width, shifts, scratch.cross(), upper, lower);
    each(y, upper);
    if (y + 1 < picture.height) each(y + 1, lower);
  }
}

template <typename Sample, int kScale>
void ReferenceScale(const PictureView& picture, VifScratch& scratch,
                    const uint16_t* table, VifReferenceScale& out,
                    OwnPlane<uint16_t>* next) {
  const auto width = static_cast<size_t>(picture.width);
  const VI32 noise = hn::Set(di32, kVifNoise);
  static_assert(kVifNoise == 1 << 17);
  constexpr int32_t kNoiseOctaves = 127 + 17;
  constexpr int32_t kNoiseRest = kLogBias - 127 * FixedLog2::kOne;
  VI64 logs = hn::Zero(di64);
  VI64 flat = hn::Zero(di64);
  uint32_t* means = out.mean.data();
  int32_t* variances = out.variance.data();
  const auto each = [&](int y, const OutRows& rows) {
    uint8_t* marks = out.detailed_row(y);
    LogParts row_logs{hn::Zero(di32), hn::Zero(di32)};
    VI32 row_flat = hn::Zero(di32);  // -1 for each pixel
    const auto add_log = [&](VI32 detail) REEL_INLINE_LAMBDA {
      // Others count as log2(noise), too: it is taken off from all.
      const LogParts log = FixedLog(hn::Add(detail, noise), table);
      row_logs.octaves = hn::Add(
          row_logs.octaves, hn::Sub(log.octaves, hn::Set(di32, kNoiseOctaves)));
      row_logs.rest =
          hn::Add(row_logs.rest, hn::Sub(log.rest, hn::Set(di32, kNoiseRest)));
    };
    ForEachGroup(width, [&](size_t x, const auto& inside) REEL_INLINE_LAMBDA {
      Moments even{};
      Moments odd{};
      FilterRow<kScale, false>(rows, x, even, odd);
      const VI32 even_s1 = Covariance(even.square, even.mean, even.mean);
      const VI32 odd_s1 = Covariance(odd.square, odd.mean, odd.mean);
      const VI32 even_flat = hn::VecFromMask(di32, hn::Lt(even_s1, noise));
      const VI32 odd_flat = hn::VecFromMask(di32, hn::Lt(odd_s1, noise));
      row_flat = hn::Add(row_flat,
                         hn::Add(inside.Even(even_flat), inside.Odd(odd_flat)));
      const VI32 even_detail = inside.Even(hn::AndNot(even_flat, even_s1));
      const VI32 odd_detail = inside.Odd(hn::AndNot(odd_flat, odd_s1));
      const bool detailed = !hn::AllTrue(
          di32, hn::Eq(hn::Or(even_detail, odd_detail), hn::Zero(di32)));
      marks[x / kGroup] = detailed ? 1 : 0;
      if (!detailed) return;
      hn::Store(even.mean, du32, means);
      hn::Store(odd.mean, du32, means + kGroup / 2);
      hn::Store(even_s1, di32, variances);
      hn::Store(odd_s1, di32, variances + kGroup / 2);
      means += kGroup;
      variances += kGroup;
      add_log(even_detail);
      add_log(odd_detail);
    });
    logs = AddLanes(logs, WholeLog(row_logs));
    flat = AddLanes(flat, row_flat);
  };
  ForEachRow<Sample, kScale, false>(nullptr, nullptr, picture, scratch, next,
                                    each);
  out.sums = {.den_log = SumOf(logs), .flat_pixels = -SumOf(flat)};
}

template <typename Sample, int kScale>
VifSums ScoreScale(const PictureView& reference_picture,
                   const VifReferenceScale& reference,
                   const PictureView& distorted, double gain_limit,
                   VifScratch& scratch, const uint16_t* table,
                   OwnPlane<uint16_t>* next) {
  const auto width = static_cast<size_t>(distorted.width);
  const VF64 limit = hn::Set(df64, gain_limit);
  VI64 logs = hn::Zero(di64);
  VU64 flat = hn::Zero(du64);
  const uint32_t* means = reference.mean.data();
  const int32_t* variances = reference.variance.data();
  const auto each = [&](int y, const OutRows& rows) {
    const uint8_t* detailed = reference.detailed_row(y);
    RowSums sums;
    const auto distorted_variance = [](const Moments& m) REEL_INLINE_LAMBDA {
      return hn::Max(Covariance(m.square, m.mean, m.mean), hn::Zero(di32));
    };
    const auto add = [&](const Moments& m, const auto& keep,
                         size_t at) REEL_INLINE_LAMBDA {
      const VU32 p_mean = hn::Load(du32, means + at);
      return AddInformation({.s1 = hn::Load(di32, variances + at),
                             .s2 = keep(distorted_variance(m)),
                             .s12 = keep(Covariance(m.cross, m.mean, p_mean))},
                            limit, table, sums);
    };
    ForEachGroup(width, [&](size_t x, const auto& inside) REEL_INLINE_LAMBDA {
      const auto keep_even = [&](VI32 v) { return inside.Even(v); };
      const auto keep_odd = [&](VI32 v) { return inside.Odd(v); };
      Moments even{};
      Moments odd{};
      VI32 flat_even;
      VI32 flat_odd;
      if (detailed[x / kGroup] == 0) {
        FilterRow<kScale, false>(rows, x, even, odd);
        flat_even = keep_even(distorted_variance(even));
        flat_odd = keep_odd(distorted_variance(odd));
      } else {
        FilterRow<kScale, true>(rows, x, even, odd);
        flat_even = add(even, keep_even, 0);
        flat_odd = add(odd, keep_odd, kGroup / 2);
        means += kGroup;
        variances += kGroup;
      }
      // Each is at most 2^30.
      sums.flat =
          AddLanes(sums.flat, hn::BitCast(du32, hn::Add(flat_even, flat_odd)));
    });
    logs = AddLanes(logs, WholeLog(sums.log));
    flat = hn::Add(flat, sums.flat);
  };
  ForEachRow<Sample, kScale, true>(&reference_picture, &reference, distorted,
                                   scratch, next, each);
  VifSums sums = reference.sums;
  sums.num_log = SumOf(logs);
  sums.flat_variance = static_cast<int64_t>(SumOf(flat));
  return sums;
}

void Reference(int scale, const PictureView& picture, VifScratch& scratch,
               const uint16_t* table, VifReferenceScale& out,
               OwnPlane<uint16_t>* next) {
  const auto run = [&](auto function) {
    function(picture, scratch, table, out, next);
  };
  switch (scale) {
    case 0:
      if (picture.bit_depth == 8) return run(ReferenceScale<uint8_t, 0>);
      return run(ReferenceScale<uint16_t, 0>);
    case 1:
      return run(ReferenceScale<uint16_t, 1>);
    case 2:
      return run(ReferenceScale<uint16_t, 2>);
    default:
      return run(ReferenceScale<uint16_t, 3>);
  }
}

VifSums Score(int scale, const PictureView& reference_picture,
              const VifReferenceScale& reference, const PictureView& distorted,
              double gain_limit, VifScratch& scratch, const uint16_t* table,
              OwnPlane<uint16_t>* next) {
  const auto run = [&](auto function) {
    return function(reference_picture, reference, distorted, gain_limit,
                    scratch, table, next);
  };
  switch (scale) {
    case 0:
      if (distorted.bit_depth == 8) return run(ScoreScale<uint8_t, 0>);
      return run(ScoreScale<uint16_t, 0>);
    case 1:
      return run(ScoreScale<uint16_t, 1>);
    case 2:
      return run(ScoreScale<uint16_t, 2>);
    default:
      return run(ScoreScale<uint16_t, 3>);
  }
}

// Any number of logarithms, in vectors of one number.
void LogsOf(std::span<const int32_t> numbers, const uint16_t* table,
            int32_t* out) {
  for (const int32_t number : numbers) {
    const VI32 log = WholeLog(FixedLog(hn::Set(di32, number), table));
    *out++ = static_cast<int32_t>(static_cast<uint32_t>(hn::GetLane(log)) -
                                  static_cast<uint32_t>(kLogBias));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace reel::quality
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace reel::quality {
namespace {

HWY_EXPORT(Reference);
HWY_EXPORT(Score);
HWY_EXPORT(LogsOf);

// One entry more than is indexed: vectors are gathered as 32-bit words.
const uint16_t* LogTable() {
  static const std::vector<uint16_t> table = [] {
    const FixedLog2 log;
    std::vector<uint16_t> entries(log.table().begin(), log.table().end());
    entries.push_back(0);
    return entries;
  }();
  return table.data();
}

}  // namespace

base::Status VifReferenceScale::Allocate(int width, int height) {
  stride = PadToVector(static_cast<size_t>(width));
  const size_t count = stride * static_cast<size_t>(height);
  REEL_TRY(mean.Allocate(count));
  REEL_TRY(variance.Allocate(count));
  return detailed.Allocate(count / kVifMinGroup);
}

base::Status VifScratch::Allocate(int width) {
  padded_ = PadToVector(static_cast<size_t>(width));
  REEL_TRY(cross_.Allocate(padded_ / kVifMinGroup + 1));
  REEL_TRY(rings_.Allocate(size_t{2} * kRingPairs * 2 * padded_));
  return rows_.Allocate(kRows, padded_);
}

void VifReference(int scale, const PictureView& picture, VifScratch& scratch,
                  VifReferenceScale& out, OwnPlane<uint16_t>* next) {
  HWY_DYNAMIC_DISPATCH(Reference)
  (scale, picture, scratch, LogTable(), out, next);
}

VifSums VifScore(int scale, const PictureView& reference_picture,
                 const VifReferenceScale& reference,
                 const PictureView& distorted, double gain_limit,
                 VifScratch& scratch, OwnPlane<uint16_t>* next) {
  return HWY_DYNAMIC_DISPATCH(Score)(scale, reference_picture, reference,
                                     distorted, gain_limit, scratch, LogTable(),
                                     next);
}

std::vector<int32_t> FixedLog2s(std::span<const int32_t> numbers) {
  std::vector<int32_t> logs(numbers.size());
  HWY_DYNAMIC_DISPATCH(LogsOf)(numbers, LogTable(), logs.data());
  return logs;
}

}  // namespace reel::quality
#endif  // HWY_ONCE
