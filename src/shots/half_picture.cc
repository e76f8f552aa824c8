#include "shots/half_picture.h"

#include <algorithm>
#include <cstring>

namespace reel::shots {
namespace {

// Two neighbours as one number, which vectors take apart without shuffling;
// which of them comes first does not matter.
template <typename Pair>
int SumOfPair(const uint8_t* at) {
  Pair pair;
  std::memcpy(&pair, at, sizeof(pair));
  constexpr int kBits = 4 * sizeof(Pair);
  return static_cast<int>(pair >> kBits) +
         static_cast<int>(pair & ((Pair{1} << kBits) - 1));
}

// Plain pointers: compilers make vector code of it.
template <typename Pair>
void HalveLine(const uint8_t* upper, const uint8_t* lower, int shift,
               uint8_t* half, size_t width) {
  const int round = 1 << (shift - 1);
  for (size_t x = 0; x < width; ++x) {
    const int sum = SumOfPair<Pair>(upper + x * sizeof(Pair)) +
                    SumOfPair<Pair>(lower + x * sizeof(Pair));
    half[x] = static_cast<uint8_t>(std::min((sum + round) >> shift, 255));
  }
}

}  // namespace

void Halve(const media::Plane& plane, int bit_depth, SmallPlane& half) {
  half.width = plane.width / 2;
  half.height = plane.height / 2;
  const auto width = static_cast<size_t>(half.width);
  half.samples.resize(width * static_cast<size_t>(half.height));
  for (int y = 0; y < half.height; ++y) {
    const uint8_t* const upper = plane.data + 2 * y * plane.stride_bytes;
    const uint8_t* const lower = upper + plane.stride_bytes;
    uint8_t* const line = half.samples.data() + static_cast<size_t>(y) * width;
    plane.bytes_per_sample == 1
        ? HalveLine<uint16_t>(upper, lower, 2, line, width)
        : HalveLine<uint32_t>(upper, lower, bit_depth - 6, line, width);
  }
}

void Halve(const SmallPlane& plane, SmallPlane& half) {
  const media::Plane samples{.data = plane.samples.data(),
                             .stride_bytes = plane.width,
                             .width = plane.width,
                             .height = plane.height};
  Halve(samples, 8, half);
}

void MakePyramid(const media::Picture& picture, int least_side,
                 Pyramid& pyramid) {
  int side = std::min(picture.width(), picture.height()) / 4;
  size_t levels = 1;
  for (; side >= least_side; side /= 2) ++levels;
  pyramid.resize(levels);
  Halve(picture.plane(0), picture.bit_depth(), pyramid[0]);
  for (size_t level = 1; level < levels; ++level)
    Halve(pyramid[level - 1], pyramid[level]);
}

}  // namespace reel::shots
