#include "quality/scalar/motion.h"

#include <cstdlib>

#include "quality/fixed_point.h"
#include "quality/motion_sum.h"
#include "quality/scalar/image.h"

namespace reel::quality::scalar {

// All values fit 33 bits: differences have 17, taps add 16.
double Motion(const media::Plane& previous, const media::Plane& current,
              int bit_depth) {
  const int width = current.width, height = current.height;
  const auto before = ImageOf<int64_t>(previous);
  const auto now = ImageOf<int64_t>(current);
  constexpr int kRadius = static_cast<int>(kMotionTaps.size()) / 2;
  const auto blur = [&](auto sample) {
    int64_t sum = 0;
    for (int k = -kRadius; k <= kRadius; ++k)
      sum += kMotionTaps[static_cast<size_t>(k + kRadius)] * sample(k);
    return sum;
  };

  const auto difference = MakeImage<int64_t>(width, height, [&](int x, int y) {
    return before.At(x, y) - now.At(x, y);
  });
  // From here in 1/256 level of an 8-bit picture.
  const auto columns = MakeImage<int64_t>(width, height, [&](int x, int y) {
    const int64_t sum =
        blur([&](int k) { return difference.At(x, Mirror(y + k, height)); });
    return RoundShift(sum, bit_depth);
  });
  uint64_t total = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int64_t sum =
          blur([&](int k) { return columns.At(Mirror(x + k, width), y); });
      total += static_cast<uint64_t>(std::abs(RoundShift(sum, 16)));
    }
  }
  return MotionOfSum(total, width, height);
}

}  // namespace reel::quality::scalar
