// Whole-numbered arithmetic of VMAF's integer extractors.
#pragma once

#include <bit>
#include <cstdint>

namespace reel::quality {

// value / 2^shift to the nearest, halves up. shift 0 leaves it as it is.
template <typename Integer>
constexpr Integer RoundShift(Integer value, int shift) {
  if (shift == 0) return value;
  return (value + (Integer{1} << (shift - 1))) >> shift;
}

// The smallest n with 2^n >= value; value >= 1.
constexpr int CeilLog2(uint64_t value) {
  return static_cast<int>(std::bit_width(value - 1));
}

// A sample's index beyond an edge, mirrored without repeating the edge:
// -1 -> 1, size -> size - 2. At most size - 1 beyond.
constexpr int Mirror(int index, int size) {
  if (index < 0) return -index;
  return index < size ? index : 2 * (size - 1) - index;
}

}  // namespace reel::quality
