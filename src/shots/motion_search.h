// How well one small picture can be made from another by moving its blocks.
#pragma once

#include <array>
#include <cstdint>

#include "shots/small_picture.h"

namespace reel::shots {

using BlockValues = std::array<uint16_t, SmallPicture::kBlocks>;

// Looks for each block of `now` in `before`: a three-step search (Koga et al.,
// 1981) of up to kSearch samples each way, edges repeated. Mean absolute
// difference per sample at the best position.
inline constexpr int kSearch = 7;
BlockValues MatchBlocks(const SmallPicture& before, const SmallPicture& now);

// Per block: the mean of its samples, and their mean absolute difference to it.
struct BlockTexture {
  BlockValues mean{};
  BlockValues deviation{};
};
BlockTexture MeasureTexture(const SmallPicture& picture);

// Mean absolute difference of one block of `now` to the best place in `before`
// within kShapeSearch samples each way, after the brightness of both is made
// the same: small where light has changed and nothing else.
inline constexpr int kShapeSearch = 3;
int ShapeResidual(const SmallPicture& before, const SmallPicture& now,
                  int block);

}  // namespace reel::shots
