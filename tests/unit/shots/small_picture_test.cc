#include "shots/small_picture.h"

#include <gtest/gtest.h>

#include <vector>

namespace reel::shots {
namespace {

// 8 or 10 bit, all samples `value`, lines padded with other values that must
// not be read.
template <typename Sample>
struct FlatPlane {
  FlatPlane(int width, int height, Sample value)
      : samples(static_cast<size_t>((width + 5) * height), Sample{77}) {
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        samples[static_cast<size_t>(y * (width + 5) + x)] = value;
    plane = {reinterpret_cast<const uint8_t*>(samples.data()),
             static_cast<ptrdiff_t>((width + 5) * sizeof(Sample)), width,
             height, sizeof(Sample)};
  }
  std::vector<Sample> samples;
  media::Plane plane;
};

TEST(CellMeansTest, OfAFlatPlaneAreItsLevelAtAnySizeAndDepth) {
  for (const int width : {1, 2, 63, 64, 65, 640, 1921}) {
    for (const int height : {1, 7, 36, 37, 480}) {
      std::vector<int16_t> means(64 * 36);
      CellMeans(FlatPlane<uint8_t>(width, height, 200).plane, 8, 64, 36, means);
      EXPECT_EQ(means, std::vector<int16_t>(64 * 36, 200 * kLevel));
      CellMeans(FlatPlane<uint16_t>(width, height, 802).plane, 10, 64, 36,
                means);
      EXPECT_EQ(means, std::vector<int16_t>(64 * 36, 200 * kLevel + 8));
    }
  }
}

SmallPicture Noise(int seed) {
  SmallPicture picture;
  for (size_t i = 0; i < picture.luma.size(); ++i)
    picture.luma[i] = static_cast<int16_t>((i * 2654435761u + seed) % 4000);
  return picture;
}

TEST(ActiveAreaTest, IsThePictureInsideItsBars) {
  SmallPicture a = Noise(1), b = Noise(2);
  EXPECT_EQ(FindActiveArea(a, b), ActiveArea{});
  for (SmallPicture* picture : {&a, &b}) {
    for (int y = 0; y < SmallPicture::kRows; ++y) {
      for (int x = 0; x < SmallPicture::kColumns; ++x) {
        if (y < 4 || y >= 33 || x < 8)
          picture->luma[static_cast<size_t>(y * 64 + x)] = 16 * kLevel;
      }
    }
  }
  EXPECT_EQ(FindActiveArea(a, b), (ActiveArea{8, 64, 4, 33}));
}

TEST(ActiveAreaTest, IsNeverEmpty) {
  const ActiveArea area = FindActiveArea({}, {});
  EXPECT_GE(area.end_column - area.first_column, SmallPicture::kColumns / 4);
  EXPECT_GE(area.end_row - area.first_row, SmallPicture::kRows / 4);
}

TEST(StretchTest, ShowsTheAreaOnTheWhole) {
  SmallPicture picture;
  for (int y = 0; y < SmallPicture::kRows; ++y)
    for (int x = 32; x < SmallPicture::kColumns; ++x)
      picture.luma[static_cast<size_t>(y * 64 + x)] = static_cast<int16_t>(x);
  const SmallPicture stretched = Stretch(picture, {32, 64, 0, 36});
  EXPECT_EQ(stretched.luma[0], 32);
  EXPECT_EQ(stretched.luma[1], 32);
  EXPECT_EQ(stretched.luma[63], 63);
}

}  // namespace
}  // namespace reel::shots
