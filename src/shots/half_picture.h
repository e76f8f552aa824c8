// Luma at half the size, at a fourth, an eighth and so on: what block motion is
// searched in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "media/picture.h"

namespace reel::shots {

// Samples of 8 bits, rows first, without gaps.
struct SmallPlane {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> samples;
  const uint8_t* At(int x, int y) const {
    return samples.data() +
           static_cast<size_t>(y) * static_cast<size_t>(width) + x;
  }
};

// Means of 2 x 2 samples, rounded, as 8 bits; an odd last row or column is left
// out. Empty for planes of a single row or column.
//   bit_depth  8..16, of the samples
//   half       is written over, and its memory used again
void Halve(const media::Plane& plane, int bit_depth, SmallPlane& half);
void Halve(const SmallPlane& plane, SmallPlane& half);

// Half the size first; then each level half of the one before, while both its
// sides are at least `least_side`. Never without a level, though that may be
// empty.
using Pyramid = std::vector<SmallPlane>;
void MakePyramid(const media::Picture& picture, int least_side,
                 Pyramid& pyramid);

}  // namespace reel::shots
