#include "inspect/patch.h"

#include <gtest/gtest.h>

#include "unit/inspect/drawn_picture.h"

namespace reel::inspect {
namespace {

// A textured scene, shifted by `moved` samples, with a rectangle of another
// texture in it.
media::Picture Scene(int moved, const Patch& patch = {}) {
  return DrawnPicture(320, 180, [=](int x, int y) {
    const bool inside = x >= patch.x && x < patch.x + patch.width &&
                        y >= patch.y && y < patch.y + patch.height;
    if (inside) return 180 + (x * 7 + y * 3) % 20;
    const int at = x + moved;
    return 90 + 20 * ((at / 23 + y / 17) % 2) + (at * 5 + y * 11) % 6;
  });
}

Patch At(int x, int y, int width, int height) {
  return {x, y, width, height, {}, {}};
}

TEST(PatchTest, FindsARectangleWhereverItLies) {
  for (const Patch& patch : {At(64, 48, 32, 16), At(101, 37, 50, 43),
                             At(0, 96, 320, 16), At(288, 0, 32, 32)}) {
    const auto found = FindPatches(Scene(0, patch), Scene(0)).now;
    ASSERT_EQ(found.size(), 1u) << patch.x;
    EXPECT_EQ(found[0].x, patch.x);
    EXPECT_EQ(found[0].y, patch.y);
    EXPECT_EQ(found[0].width, patch.width);
    EXPECT_EQ(found[0].height, patch.height);
    EXPECT_NEAR(found[0].beneath[5], 102, 10);
  }
}

TEST(PatchTest, FindsALineOfATape) {
  const auto found = FindPatches(Scene(0, At(0, 70, 320, 3)), Scene(0)).now;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].y, 70);
  EXPECT_EQ(found[0].height, 3);
}

TEST(PatchTest, ThePictureThatLacksItHasNone) {
  const auto found = FindPatches(Scene(0), Scene(0, At(64, 48, 32, 16)));
  EXPECT_TRUE(found.now.empty());
  EXPECT_EQ(found.other.size(), 1u);
}

TEST(PatchTest, MotionCutsAndRoundThingsAreNone) {
  EXPECT_TRUE(FindPatches(Scene(3), Scene(0)).now.empty());
  const auto other = DrawnPicture(
      320, 180, [](int x, int y) { return 40 + (3 * x + 5 * y) % 150; });
  EXPECT_TRUE(FindPatches(Scene(0), other).now.empty());
  const auto ball = DrawnPicture(320, 180, [](int x, int y) {
    const bool inside = (x - 150) * (x - 150) + (y - 90) * (y - 90) < 900;
    return inside ? 200 : 90 + 20 * ((x / 23 + y / 17) % 2);
  });
  EXPECT_TRUE(FindPatches(ball, Scene(0)).now.empty());
}

TEST(PatchTest, PicturesOfDifferentSizeAreNotCompared) {
  const auto small = DrawnPicture(160, 90, [](int, int) { return 50; });
  EXPECT_TRUE(FindPatches(Scene(0), small).now.empty());
  const auto tiny = DrawnPicture(3, 2, [](int, int) { return 50; });
  const auto other = DrawnPicture(3, 2, [](int, int) { return 200; });
  EXPECT_TRUE(FindPatches(tiny, other).now.empty());
}

TEST(PatchTest, PlacesAndTheGrid) {
  EXPECT_TRUE(IsSamePlace(At(64, 48, 32, 16), At(66, 48, 30, 18)));
  EXPECT_FALSE(IsSamePlace(At(64, 48, 32, 16), At(72, 48, 32, 16)));
  EXPECT_TRUE(IsOnCodingGrid(At(64, 48, 32, 16), 320, 180));
  EXPECT_TRUE(IsOnCodingGrid(At(0, 96, 320, 16), 320, 180));
  EXPECT_FALSE(IsOnCodingGrid(At(0, 96, 24, 32), 320, 180));
  EXPECT_FALSE(IsOnCodingGrid(At(65, 48, 31, 16), 320, 180));
}

}  // namespace
}  // namespace reel::inspect
