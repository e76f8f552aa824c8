#include "shots/motion_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace reel::shots {
namespace {

using P = SmallPicture;

// Smooth waves, moved by (dx, dy) samples and lit by `light`.
SmallPicture Waves(double dx, double dy, int light = 0) {
  SmallPicture picture;
  for (int y = 0; y < P::kRows; ++y) {
    for (int x = 0; x < P::kColumns; ++x) {
      const double wave =
          std::sin((x - dx) / 5.0) * std::cos((y - dy) / 4.0 + (x - dx) / 9.0);
      picture.luma[static_cast<size_t>(y * P::kColumns + x)] =
          static_cast<int16_t>(1600 + std::lround(800 * wave) + light);
    }
  }
  return picture;
}

// Blocks off the edges, where what moves in is known.
bool IsInner(size_t block) {
  const size_t row = block / P::kBlocksAcross,
               column = block % P::kBlocksAcross;
  return row > 1 && row + 2 < P::kBlocksDown && column > 1 &&
         column + 2 < P::kBlocksAcross;
}

TEST(MotionSearchTest, EqualPicturesLeaveNothing) {
  const BlockMatch match = MatchBlocks(Waves(0, 0), Waves(0, 0));
  EXPECT_EQ(match.residual, BlockValues{});
  EXPECT_EQ(match.change, BlockValues{});
}

TEST(MotionSearchTest, FollowsMotionThatPlainDifferenceDoesNot) {
  for (const auto& [dx, dy] : {std::pair{3, 2}, {-4, 1}, {5, -3}, {0, 4}}) {
    const BlockMatch match = MatchBlocks(Waves(0, 0), Waves(dx, dy));
    for (size_t block = 0; block < P::kBlocks; ++block) {
      EXPECT_LE(match.residual[block], match.change[block]);
      if (IsInner(block)) {
        EXPECT_LE(match.residual[block], match.change[block] / 2)
            << dx << "," << dy << " block " << block;
      }
    }
  }
}

TEST(MotionSearchTest, ShapesDoNotDependOnLight) {
  for (int block = 0; block < P::kBlocks; ++block) {
    EXPECT_EQ(ShapeResidual(Waves(0, 0), Waves(0, 0, 700), block), 0);
    if (IsInner(static_cast<size_t>(block))) {
      EXPECT_EQ(ShapeResidual(Waves(0, 0), Waves(2, -1, -500), block), 0);
    }
  }
}

TEST(MotionSearchTest, TextureIsTheDeviationFromTheMean) {
  SmallPicture picture;
  for (size_t i = 0; i < picture.luma.size(); ++i)
    picture.luma[i] = i % 2 == 0 ? 100 : 300;
  const BlockTexture texture = MeasureTexture(picture);
  EXPECT_EQ(texture.mean[7], 200);
  EXPECT_EQ(texture.deviation[7], 100);
}

}  // namespace
}  // namespace reel::shots
