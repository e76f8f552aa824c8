// What VMAF's motion is made of; motion is the mean of |blur(previous -
// current)|. scalar/motion.h has the method.
#pragma once

#include <array>
#include <cstdint>

namespace reel::quality {

// A Gaussian of sigma 1, of sum 2^16, in both directions.
inline constexpr std::array<int32_t, 5> kMotionTaps{3571, 16004, 26386, 16004,
                                                    3571};

//   sum  of all magnitudes, in 1/256 of a level of an 8-bit picture
inline double MotionOfSum(uint64_t sum, int width, int height) {
  const double pixels = static_cast<double>(int64_t{width} * height);
  return static_cast<double>(sum) / 256.0 / pixels;
}

}  // namespace reel::quality
