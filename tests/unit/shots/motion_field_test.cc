#include "shots/motion_field.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/shots/drawn_frame.h"

namespace reel::shots {
namespace {

MotionField Between(const Draw& before, const Draw& now, int width = 640,
                    int height = 360) {
  Pyramid a, b;
  MakePyramid(DrawnPicture(width, height, before), 2 * kBlockSide, a);
  MakePyramid(DrawnPicture(width, height, now), 2 * kBlockSide, b);
  return FindMotion(a, b);
}

// Blocks that do not come from outside of the picture.
template <typename Check>
void ForInner(const MotionField& field, int margin, Check check) {
  for (int row = margin; row < field.down - margin; ++row) {
    for (int column = margin; column < field.across - margin; ++column)
      check(field.blocks[static_cast<size_t>(row * field.across + column)]);
  }
}

TEST(MotionFieldTest, FollowsATextureThatMoves) {
  const Texture texture(1);
  const auto still = [&](int x, int y) { return texture.At(x, y); };
  for (const auto& [dx, dy] :
       {std::pair{2, 0}, {0, -4}, {6, 4}, {-20, 10}, {32, -24}}) {
    const MotionField field =
        Between(still, [&, dx = dx, dy = dy](int x, int y) {
          return texture.At(x - dx, y - dy);
        });
    ASSERT_EQ(field.blocks.size(), 20u * 11u);
    ForInner(field, 3, [&, dx = dx, dy = dy](const MotionBlock& block) {
      EXPECT_EQ(block.dx, dx * kMotionUnits / 2) << dx << "," << dy;
      EXPECT_EQ(block.dy, dy * kMotionUnits / 2) << dx << "," << dy;
      EXPECT_EQ(block.sad, 0);
    });
  }
}

// Odd shifts are halves at half the size.
TEST(MotionFieldTest, FindsFractions) {
  const Texture texture(2);
  const MotionField field =
      Between([&](int x, int y) { return texture.At(x, y); },
              [&](int x, int y) { return texture.At(x - 3, y + 1); });
  int count = 0, dx = 0, dy = 0;
  ForInner(field, 2, [&](const MotionBlock& block) {
    ++count, dx += block.dx, dy += block.dy;
  });
  EXPECT_NEAR(1.0 * dx / count, 1.5 * kMotionUnits, 1);
  EXPECT_NEAR(1.0 * dy / count, -0.5 * kMotionUnits, 1);
}

TEST(MotionFieldTest, EqualPicturesDoNotMove) {
  const Texture texture(3);
  const auto still = [&](int x, int y) { return texture.At(x, y); };
  ForInner(Between(still, still), 0, [](const MotionBlock& block) {
    EXPECT_EQ(block.dx, 0);
    EXPECT_EQ(block.dy, 0);
    EXPECT_EQ(block.sad, 0);
  });
}

TEST(MotionFieldTest, TwoThingsMoveTwoWays) {
  const Texture texture(4);
  const MotionField field = Between(
      [&](int x, int y) { return texture.At(x, y); },
      [&](int x, int y) { return texture.At(x < 320 ? x - 8 : x + 8, y); });
  for (int row = 1; row + 1 < field.down; ++row) {
    const size_t first = static_cast<size_t>(row * field.across);
    EXPECT_EQ(field.blocks[first + 4].dx, 4 * kMotionUnits);
    EXPECT_EQ(field.blocks[first + 15].dx, -4 * kMotionUnits);
  }
}

// A flat wall with noise: nearly all blocks stay where they are.
TEST(MotionFieldTest, NoiseDoesNotMakeWallsWander) {
  Noise noise(5, 3);
  const auto wall = [&](int, int) { return 120 + noise(); };
  const MotionField field = Between(wall, wall);
  int moved = 0;
  for (const MotionBlock& block : field.blocks) {
    moved +=
        std::abs(block.dx) > kMotionUnits || std::abs(block.dy) > kMotionUnits;
  }
  EXPECT_LT(moved, static_cast<int>(field.blocks.size()) / 20);
}

TEST(MotionFieldTest, PicturesSmallerThanABlockHaveNone) {
  const auto flat = [](int, int) { return 50; };
  for (const auto& [width, height] :
       {std::pair{2, 2}, {31, 200}, {200, 31}, {30, 30}}) {
    EXPECT_TRUE(Between(flat, flat, width, height).blocks.empty());
  }
  EXPECT_EQ(Between(flat, flat, 32, 32).blocks.size(), 1u);
}

TEST(BlockLooksTest, KnowMeanAndDeviation) {
  Pyramid pyramid;
  MakePyramid(DrawnPicture(64, 32,
                           [](int x, int) {
                             return x < 32 ? 90 : x % 8 < 4 ? 100 : 140;
                           }),
              2 * kBlockSide, pyramid);
  const BlockLooks looks = LookAtBlocks(pyramid[0]);
  ASSERT_EQ(looks.blocks.size(), 2u);
  EXPECT_EQ(looks.blocks[0].mean, 90);
  EXPECT_EQ(looks.blocks[0].deviation, 0);
  EXPECT_EQ(looks.blocks[1].mean, 120);
  EXPECT_EQ(looks.blocks[1].deviation, 20 * MotionBlock::kSamples);
}

}  // namespace
}  // namespace reel::shots
