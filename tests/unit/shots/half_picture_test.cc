#include "shots/half_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/test_pictures.h"
#include "unit/shots/drawn_frame.h"

namespace reel::shots {
namespace {

using ::testing::ElementsAre;
using testing::TestPicture;

TEST(HalveTest, SamplesAreRoundedMeansOfFour) {
  SmallPlane half;
  Halve(TestPicture(
            5, 3, 8,
            [](int x, int y) { return static_cast<uint32_t>(10 * x + y); })
            .plane(),
        8, half);
  EXPECT_EQ(half.width, 2);
  EXPECT_EQ(half.height, 1);
  // (0 + 10 + 1 + 11) / 4 = 5.5, (20 + 30 + 21 + 31) / 4 = 25.5
  EXPECT_THAT(half.samples, ElementsAre(6, 26));
}

TEST(HalveTest, DeepSamplesBecomeBytes) {
  for (const int depth : {9, 10, 12, 16}) {
    SmallPlane half;
    const uint32_t white = (1U << depth) - 1;
    Halve(TestPicture(6, 2, depth,
                      [&](int x, int) {
                        return x < 2 ? 0 : x < 4 ? 100U << (depth - 8) : white;
                      })
              .plane(),
          depth, half);
    EXPECT_THAT(half.samples, ElementsAre(0, 100, 255)) << depth;
  }
}

TEST(HalveTest, EveryWidthEqualsTheDefinition) {
  for (int width = 2; width <= 70; ++width) {
    const auto level = [](int x, int y) {
      return testing::NoiseAt(3, x, y) & 255U;
    };
    SmallPlane half;
    Halve(TestPicture(width, 2, 8, level).plane(), 8, half);
    for (int x = 0; x < width / 2; ++x) {
      EXPECT_EQ(*half.At(x, 0), (level(2 * x, 0) + level(2 * x + 1, 0) +
                                 level(2 * x, 1) + level(2 * x + 1, 1) + 2) /
                                    4);
    }
  }
}

TEST(PyramidTest, EndsWhereASideWouldGetTooSmall) {
  Pyramid pyramid;
  MakePyramid(DrawnPicture(640, 360, [](int, int) { return 9; }), 32, pyramid);
  ASSERT_EQ(pyramid.size(), 3u);  // 180, 90 and 45 lines
  EXPECT_EQ(pyramid[2].width, 80);
  EXPECT_EQ(pyramid[2].height, 45);
}

TEST(PyramidTest, OfTheSmallestPictureIsOneEmptyLevel) {
  Pyramid pyramid;
  MakePyramid(DrawnPicture(
                  1, 1, [](int, int) { return 9; }, AV_PIX_FMT_GRAY8),
              32, pyramid);
  ASSERT_EQ(pyramid.size(), 1u);
  EXPECT_TRUE(pyramid[0].samples.empty());
}

}  // namespace
}  // namespace reel::shots
