// Where the blocks of a picture come from in the picture before.
#pragma once

#include <cstdint>
#include <vector>

#include "shots/half_picture.h"

namespace reel::shots {

// Samples of a block's side, at half the size: 32 of the source.
inline constexpr int kBlockSide = 16;
// Motion is kept in eighths of a sample at half the size: fourths of a sample
// of the source.
inline constexpr int kMotionUnits = 8;

struct MotionBlock {
  // Every other line of a block is looked at.
  static constexpr int kSamples = kBlockSide * kBlockSide / 2;
  int dx = 0, dy = 0;  // to where it is from where it was, in 1/kMotionUnits
  int sad = 0;         // sum of absolute differences at the best whole place
};

// What one picture's blocks show by themselves.
struct BlockLook {
  uint8_t mean = 0;   // of its samples
  int deviation = 0;  // sum of absolute differences to the mean
};

// Whole blocks only, rows first; none for planes smaller than one.
template <typename Block>
struct BlockGrid {
  int across = 0;
  int down = 0;
  std::vector<Block> blocks;
};
using MotionField = BlockGrid<MotionBlock>;
using BlockLooks = BlockGrid<BlockLook>;

BlockLooks LookAtBlocks(const SmallPlane& plane);

// Hierarchical block matching (Bierling, 1988): the least level is searched in
// full, each other one around what the level above, the place itself and its
// neighbours say, so that motion of some 6 % of the width is found; vectors off
// the guess must earn it. Fractions come from the differences one sample to
// either side (an equiangular line, as for stereo disparities: Shimizu and
// Okutomi, 2005). Both pyramids of equal sizes.
MotionField FindMotion(const Pyramid& before, const Pyramid& now);

}  // namespace reel::shots
