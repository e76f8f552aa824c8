#include "quality/motion_kernels.h"

#include <algorithm>
#include <array>

#include "quality/fixed_point.h"
#include "quality/motion_sum.h"
#include "quality/pair_taps.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quality/motion_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "quality/kernel_ops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace reel::quality {
namespace HWY_NAMESPACE {

constexpr std::array<uint32_t, 3> kHalf{static_cast<uint32_t>(kMotionTaps[2]),
                                        static_cast<uint32_t>(kMotionTaps[1]),
                                        static_cast<uint32_t>(kMotionTaps[0])};
constexpr auto kTaps = MakePairTaps<3>(kHalf);
constexpr int kReach = 2;

// Rows y - 2 .. y + 3 of a picture.
template <typename Sample>
using SixRows = std::array<const Sample*, 6>;

template <typename Sample>
SixRows<Sample> RowsAround(const PictureView& picture, int y) {
  SixRows<Sample> rows{};
  const auto* bytes = static_cast<const uint8_t*>(picture.data);
  for (int i = 0; i < 6; ++i) {
    rows[static_cast<size_t>(i)] = reinterpret_cast<const Sample*>(
        bytes + Mirror(y - kReach + i, picture.height) * picture.stride_bytes);
  }
  return rows;
}

// Sums along columns at one vector of even columns, or of odd ones.
struct Column {
  PairSum upper;
  PairSum lower;
  HWY_INLINE Column() : upper(0), lower(0) {}
  HWY_INLINE void Add(size_t pair, VI16 words) {
    upper.Add(words, SetTaps(kTaps.even[pair]));
    lower.Add(words, SetTaps(kTaps.odd[pair]));
  }
};

// round((a - b) / 2^bits) of sums of 32 bits without a sign.
HWY_INLINE VI32 RoundedDifference(VU32 a, VU32 b, int bits) {
  const VU32 low = hn::Set(du32, (uint32_t{1} << bits) - 1);
  const VI32 high = hn::BitCast(
      di32, hn::Sub(hn::ShiftRightSame(a, bits), hn::ShiftRightSame(b, bits)));
  const VI32 rest =
      hn::Add(hn::BitCast(di32, hn::Sub(hn::And(a, low), hn::And(b, low))),
              hn::Set(di32, int32_t{1} << (bits - 1)));
  return hn::Add(high, hn::ShiftRightSame(rest, bits));
}

// The pass along columns for rows y and y + 1: words high and low, the latter
// less 2^15.
//   rows  high and low words of row y, then of row y + 1
template <typename Sample>
void FilterColumns(const SixRows<Sample>& previous,
                   const SixRows<Sample>& current, size_t width, int bit_depth,
                   const std::array<int16_t*, 4>& rows) {
  for (size_t x = 0; x < width; x += kGroup) {
    VI32 sums[2][2];  // [row][even, odd]
    if constexpr (sizeof(Sample) == 1) {
      Column even;
      Column odd;
      for (size_t pair = 0; pair < kTaps.kPairs; ++pair) {
        const auto difference = [&](size_t i) {
          return hn::Sub(LoadSamples(previous[i], x, width),
                         LoadSamples(current[i], x, width));
        };
        const RowPair words =
            PairOf(difference(2 * pair), difference(2 * pair + 1));
        even.Add(pair, words.even);
        odd.Add(pair, words.odd);
      }
      const auto round = [](const PairSum& sum) {
        return hn::ShiftRight<8>(hn::Add(sum.Get(), hn::Set(di32, 128)));
      };
      sums[0][0] = round(even.upper);
      sums[0][1] = round(odd.upper);
      sums[1][0] = round(even.lower);
      sums[1][1] = round(odd.lower);
    } else {
      Column even[2];
      Column odd[2];
      for (size_t pair = 0; pair < kTaps.kPairs; ++pair) {
        const std::array pictures{&previous, &current};
        for (size_t i = 0; i < 2; ++i) {
          const auto load = [&](size_t row) {
            return hn::BitCast(
                du16, FlipSign(LoadSamples((*pictures[i])[row], x, width)));
          };
          const RowPair words = PairOf(load(2 * pair), load(2 * pair + 1));
          even[i].Add(pair, words.even);
          odd[i].Add(pair, words.odd);
        }
      }
      const auto round = [&](const PairSum& a, const PairSum& b) {
        const auto unsign = [](const PairSum& sum) {
          return hn::Add(hn::BitCast(du32, sum.Get()),
                         hn::Set(du32, uint32_t{1} << 31));
        };
        return RoundedDifference(unsign(a), unsign(b), bit_depth);
      };
      sums[0][0] = round(even[0].upper, even[1].upper);
      sums[0][1] = round(odd[0].upper, odd[1].upper);
      sums[1][0] = round(even[0].lower, even[1].lower);
      sums[1][1] = round(odd[0].lower, odd[1].lower);
    }
    for (size_t row = 0; row < 2; ++row) {
      const VI32 even = sums[row][0];
      const VI32 odd = sums[row][1];
      StoreWords(even, odd, x, rows[2 * row], rows[2 * row + 1]);
    }
  }
  for (int16_t* row : rows) {
    for (ptrdiff_t i = 1; i <= kReach + 1; ++i) {
      const auto end = static_cast<ptrdiff_t>(width);
      row[-i] = row[std::min(i, end - 1)];
      row[end - 1 + i] = row[std::max<ptrdiff_t>(end - 1 - i, 0)];
    }
  }
}

// The pass along a row: the sum of magnitudes.
VI64 FilterRow(const int16_t* high, const int16_t* low, size_t width) {
  VI32 total = hn::Zero(di32);
  for (size_t x = 0; x < width; x += kGroup) {
    Column h;  // `upper` are even columns here, `lower` odd ones
    Column l;
    for (size_t pair = 0; pair < kTaps.kPairs; ++pair) {
      const ptrdiff_t at = static_cast<ptrdiff_t>(x) + kTaps.offsets[pair];
      h.Add(pair, hn::LoadU(di16, high + at));
      l.Add(pair, hn::LoadU(di16, low + at));
    }
    const auto magnitude = [](const PairSum& words, const PairSum& rest) {
      const VU32 r = hn::Add(hn::BitCast(du32, rest.Get()),
                             hn::Set(du32, (uint32_t{1} << 31) + (1 << 15)));
      return hn::Abs(
          hn::Add(words.Get(), hn::BitCast(di32, hn::ShiftRight<16>(r))));
    };
    VI32 even = magnitude(h.upper, l.upper);
    VI32 odd = magnitude(h.lower, l.lower);
    if (HWY_UNLIKELY(x + kGroup > width)) {
      const auto left = static_cast<int32_t>(width - x);
      even = hn::IfThenElseZero(hn::Lt(Lane32(), hn::Set(di32, (left + 1) / 2)),
                                even);
      odd = hn::IfThenElseZero(hn::Lt(Lane32(), hn::Set(di32, left / 2)), odd);
    }
    total = hn::Add(total, hn::Add(even, odd));
  }
  return AddLanes(hn::Zero(di64), total);
}

template <typename Sample>
uint64_t SumOfPictures(const PictureView& previous, const PictureView& current,
                       MotionScratch& scratch) {
  const auto width = static_cast<size_t>(current.width);
  const std::array rows{scratch.row(0), scratch.row(1), scratch.row(2),
                        scratch.row(3)};
  VI64 total = hn::Zero(di64);
  for (int y = 0; y < current.height; y += 2) {
    FilterColumns<Sample>(RowsAround<Sample>(previous, y),
                          RowsAround<Sample>(current, y), width,
                          current.bit_depth, rows);
    total = hn::Add(total, FilterRow(rows[0], rows[1], width));
    if (y + 1 < current.height) {
      total = hn::Add(total, FilterRow(rows[2], rows[3], width));
    }
  }
  return static_cast<uint64_t>(SumOf(total));
}

uint64_t Sum(const PictureView& previous, const PictureView& current,
             MotionScratch& scratch) {
  return current.bit_depth == 8
             ? SumOfPictures<uint8_t>(previous, current, scratch)
             : SumOfPictures<uint16_t>(previous, current, scratch);
}

}  // namespace HWY_NAMESPACE
}  // namespace reel::quality
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace reel::quality {

HWY_EXPORT(Sum);

uint64_t MotionSum(const PictureView& previous, const PictureView& current,
                   MotionScratch& scratch) {
  return HWY_DYNAMIC_DISPATCH(Sum)(previous, current, scratch);
}

}  // namespace reel::quality
#endif  // HWY_ONCE
