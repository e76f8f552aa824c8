#include "shots/motion_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

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

// Mean absolute difference of a block to the same place.
int Change(const SmallPicture& a, const SmallPicture& b, size_t block) {
  const size_t first = block / P::kBlocksAcross * P::kBlockRows * P::kColumns +
                       block % P::kBlocksAcross * P::kBlockColumns;
  int sum = 0;
  for (size_t y = 0; y < P::kBlockRows; ++y)
    for (size_t x = 0; x < P::kBlockColumns; ++x)
      sum += std::abs(a.luma[first + y * P::kColumns + x] -
                      b.luma[first + y * P::kColumns + x]);
  return sum / (P::kBlockRows * P::kBlockColumns);
}

TEST(MotionSearchTest, EqualPicturesLeaveNothing) {
  EXPECT_EQ(MatchBlocks(Waves(0, 0), Waves(0, 0)), BlockValues{});
}

TEST(MotionSearchTest, FollowsMotionThatPlainDifferenceDoesNot) {
  for (const auto& [dx, dy] : {std::pair{3, 2}, {-4, 1}, {5, -3}, {0, 4}}) {
    const SmallPicture before = Waves(0, 0), now = Waves(dx, dy);
    const BlockValues residuals = MatchBlocks(before, now);
    for (size_t block = 0; block < P::kBlocks; ++block) {
      EXPECT_LE(residuals[block], Change(before, now, block));
      if (IsInner(block)) {
        EXPECT_LE(residuals[block], Change(before, now, block) / 2)
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
