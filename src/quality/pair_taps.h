// Windows as kernels apply them: two taps at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace reel::quality {

// A symmetric window as pairs of taps, for an even position (row or column) and
// for the odd one after it. Both read the same pairs of samples, from
// `offsets`, even numbers, relative to the even position.
template <size_t kNumber>
struct PairTaps {
  std::array<int, kNumber> offsets;
  std::array<int32_t, kNumber> even;
  std::array<int32_t, kNumber> odd;
  static constexpr size_t kPairs = kNumber;
};

// Two words as one number: the first in the low half.
constexpr int32_t Pair(uint32_t first, uint32_t second) {
  return static_cast<int32_t>(first | second << 16);
}

template <size_t kPairs>
constexpr PairTaps<kPairs> MakePairTaps(std::span<const uint32_t> half) {
  const int reach = static_cast<int>(half.size()) - 1;
  const auto tap = [&](int offset) {
    const int distance = offset < 0 ? -offset : offset;
    return distance <= reach ? half[static_cast<size_t>(distance)] : 0;
  };
  PairTaps<kPairs> taps{};
  for (size_t i = 0; i < kPairs; ++i) {
    const int offset = 2 * static_cast<int>(i) - reach;
    taps.offsets[i] = offset;
    taps.even[i] = Pair(tap(offset), tap(offset + 1));
    taps.odd[i] = Pair(tap(offset - 1), tap(offset));
  }
  return taps;
}

}  // namespace reel::quality
