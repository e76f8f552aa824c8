// What the kernels of all features have in common. Included once per target.
#include <hwy/highway.h>

#if defined(REEL_QUALITY_KERNEL_OPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REEL_QUALITY_KERNEL_OPS_INL_H_
#undef REEL_QUALITY_KERNEL_OPS_INL_H_
#else
#define REEL_QUALITY_KERNEL_OPS_INL_H_
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace reel::quality {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DU16 = hn::ScalableTag<uint16_t>;
using DI16 = hn::ScalableTag<int16_t>;
using DU32 = hn::ScalableTag<uint32_t>;
using DI32 = hn::ScalableTag<int32_t>;
using DU64 = hn::ScalableTag<uint64_t>;
using DI64 = hn::ScalableTag<int64_t>;
using DF64 = hn::ScalableTag<double>;
using VU16 = hn::Vec<DU16>;
using VI16 = hn::Vec<DI16>;
using VU32 = hn::Vec<DU32>;
using VI32 = hn::Vec<DI32>;
using VU64 = hn::Vec<DU64>;
using VI64 = hn::Vec<DI64>;
using VF64 = hn::Vec<DF64>;

constexpr DU16 du16;
constexpr DI16 di16;
constexpr DU32 du32;
constexpr DI32 di32;
constexpr DU64 du64;
constexpr DI64 di64;
constexpr DF64 df64;

// Lambdas in inner loops: one that is called would make its constants anew.
#ifndef REEL_INLINE_LAMBDA
#define REEL_INLINE_LAMBDA __attribute__((always_inline))
#endif

// Columns that one step works on.
constexpr size_t kGroup = hn::MaxLanes(DI16());

// What was loaded, to be used more than once: GCC would load it for each use.
HWY_INLINE VI16 InRegister(VI16 v) {
#if HWY_ARCH_X86
  __asm__("" : "+v"(v.raw));
#endif
  return v;
}

// Sums of products of neighbouring words, modulo 2^32.
class PairSum {
 public:
#if HWY_ARCH_X86
  explicit HWY_INLINE PairSum(int32_t start = 0)
      : sum_(hn::Set(di32, start)), other_(hn::Zero(di32)) {}
#else
  // Lanes are added to their neighbours at the end: every second one starts.
  explicit HWY_INLINE PairSum(int32_t start = 0)
      : sum_(hn::OddEven(hn::Zero(di32), hn::Set(di32, start))), other_(sum_) {}
#endif
  HWY_INLINE void Add(VI16 words, VI16 taps) {
#if HWY_TARGET == HWY_AVX3_DL
    // One instruction (VNNI), which Highway 1.0 neither uses nor allows by
    // name.
    __asm__("vpdpwssd %2, %1, %0"
            : "+v"(sum_.raw)
            : "v"(words.raw), "vm"(taps.raw));
#else
    sum_ = hn::ReorderWidenMulAccumulate(di32, words, taps, sum_, other_);
#endif
  }
  HWY_INLINE VI32 Get() const {
    return hn::RearrangeToOddPlusEven(sum_, other_);
  }

 private:
  VI32 sum_;
  VI32 other_;  // used on some targets only
};

// Two taps, as one 32-bit number, for all pairs of words.
HWY_INLINE VI16 SetTaps(int32_t taps) {
  return hn::BitCast(di16, hn::Set(di32, taps));
}

HWY_INLINE VI16 FlipSign(VU16 v) {
  return hn::BitCast(di16, hn::Xor(v, hn::Set(du16, 0x8000)));
}

// Words whose even lanes are the low words of `even`, the odd ones those of
// `odd`.
HWY_INLINE VI16 MergeLow(VI32 even, VI32 odd) {
  return hn::OddEven(hn::BitCast(di16, hn::ShiftLeft<16>(odd)),
                     hn::BitCast(di16, even));
}
// Likewise of the high words.
HWY_INLINE VI16 MergeHigh(VI32 even, VI32 odd) {
  return hn::OddEven(
      hn::BitCast(di16, odd),
      hn::BitCast(di16, hn::ShiftRight<16>(hn::BitCast(du32, even))));
}

// Words of two rows as pairs: of the even columns, and of the odd ones.
struct RowPair {
  VI16 even;
  VI16 odd;
};
HWY_INLINE RowPair PairOf(VU16 upper, VU16 lower) {
  const VI32 a = hn::BitCast(di32, upper);
  const VI32 b = hn::BitCast(di32, lower);
  return {MergeLow(a, b), MergeHigh(a, b)};
}

// Numbers of 32 bits as rows of their words; the low ones less 2^15.
HWY_INLINE void StoreWords(VI32 even, VI32 odd, size_t x, int16_t* high,
                           int16_t* low) {
  hn::Store(MergeHigh(even, odd), di16, high + x);
  hn::Store(FlipSign(hn::BitCast(du16, MergeLow(even, odd))), di16, low + x);
}

// The odd lanes, where MulEven takes them from.
HWY_INLINE VU32 OddLanes(VU32 v) {
  return hn::BitCast(du32, hn::ShiftRight<32>(hn::BitCast(du64, v)));
}

// The halves of a vector as doubles.
struct Doubles {
  VF64 a;
  VF64 b;
};
HWY_INLINE Doubles ToDoubles(VI32 v) {
  const hn::Half<DI32> half;
  return {hn::PromoteTo(df64, hn::LowerHalf(half, v)),
          hn::PromoteTo(df64, hn::UpperHalf(half, v))};
}
// And back, fractions cut off.
HWY_INLINE VI32 ToInts(VF64 a, VF64 b) {
  const hn::Half<DI32> half;
  return hn::Combine(di32, hn::DemoteTo(half, b), hn::DemoteTo(half, a));
}

// kGroup samples of a row from `x` on, 0 beyond its width, as words.
template <typename Sample>
HWY_INLINE VU16 LoadSamples(const Sample* row, size_t x, size_t width) {
  const hn::Rebind<Sample, DU16> d;
  hn::Vec<decltype(d)> v;
  if (HWY_LIKELY(x + kGroup <= width)) {
    v = hn::LoadU(d, row + x);
  } else {
    HWY_ALIGN Sample rest[kGroup] = {};
    if (x < width) std::memcpy(rest, row + x, (width - x) * sizeof(Sample));
    v = hn::Load(d, rest);
  }
  if constexpr (sizeof(Sample) == 1) {
    return hn::PromoteTo(du16, v);
  } else {
    return v;
  }
}

// A lane's number.
HWY_INLINE VI32 Lane32() { return hn::Iota(di32, 0); }

HWY_INLINE int64_t SumOf(VI64 v) {
  return hn::GetLane(hn::SumOfLanes(di64, v));
}
HWY_INLINE uint64_t SumOf(VU64 v) {
  return hn::GetLane(hn::SumOfLanes(du64, v));
}

// Adds lanes of 32 bits to sums of 64.
HWY_INLINE VI64 AddLanes(VI64 sums, VI32 v) {
  const VI64 wide = hn::BitCast(di64, v);
  return hn::Add(sums, hn::Add(hn::ShiftRight<32>(wide),
                               hn::ShiftRight<32>(hn::ShiftLeft<32>(wide))));
}
HWY_INLINE VU64 AddLanes(VU64 sums, VU32 v) {
  const VU64 wide = hn::BitCast(du64, v);
  return hn::Add(sums, hn::Add(hn::ShiftRight<32>(wide),
                               hn::And(wide, hn::Set(du64, 0xffffffff))));
}

}  // namespace HWY_NAMESPACE
}  // namespace reel::quality
HWY_AFTER_NAMESPACE();

#endif  // REEL_QUALITY_KERNEL_OPS_INL_H_
