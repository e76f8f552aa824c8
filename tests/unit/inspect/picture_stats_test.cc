#include "inspect/picture_stats.h"

#include <gtest/gtest.h>

#include "unit/inspect/drawn_picture.h"
#include "unit/inspect/made_up_title.h"

namespace reel::inspect {
namespace {

TEST(PictureTableTest, GoesThroughItsBinaryForm) {
  PictureTable table(3, MadeUpPicture());
  table[1].light.fill(7);
  table[1].red[47] = 255;
  table[2].bars = {1, 2, 3, 4};
  table[2].weave = {5, 6, 7, 8};
  table[2].detail = {{1, 2, 3}, {4, 5, 6}};
  table[2].outside = {9, 10, 11};
  const auto bytes = Serialize(table);
  EXPECT_EQ(bytes.size(), 8u + 3 * 172);
  const auto parsed = ParsePictureTable(bytes);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(*parsed, table);
}

TEST(PictureTableTest, WhatIsNoTableIsAnError) {
  auto bytes = Serialize(PictureTable(2));
  bytes.pop_back();
  EXPECT_FALSE(ParsePictureTable(bytes).has_value());
  EXPECT_FALSE(ParsePictureTable({}).has_value());
  bytes[0] = 'X';
  EXPECT_FALSE(ParsePictureTable(bytes).has_value());
}

PictureStats Measure(const media::Picture& picture) {
  PictureMeter meter({"bt709", "bt709", "bt709", "tv"});
  return meter.Next(picture).value();
}

TEST(PictureMeterTest, LevelsAndLightOfTwoHalves) {
  // Black on the left, white on the right.
  const auto stats = Measure(
      DrawnPicture(640, 360, [](int x, int) { return x < 320 ? 16 : 235; }));
  EXPECT_EQ(stats.luma[PictureStats::k10], 64);
  EXPECT_EQ(stats.luma[PictureStats::k90], 940);
  EXPECT_EQ(stats.below_black, 0);
  EXPECT_EQ(stats.above_white, 0);
  EXPECT_EQ(stats.rgb_peak, 1023);
  EXPECT_EQ(stats.light[0], 0);
  EXPECT_EQ(stats.light[7], 255);
  EXPECT_EQ(stats.light[kLightCells - 1], 255);
  EXPECT_EQ(stats.saturation, 0);
}

TEST(PictureMeterTest, CodesOutsideOfLimitedRange) {
  const auto stats = Measure(DrawnPicture(640, 360, [](int x, int) {
    return x < 160 ? 5 : x < 480 ? 128 : 250;
  }));
  EXPECT_NEAR(stats.below_black, kWholeShare / 4, 100);
  EXPECT_NEAR(stats.above_white, kWholeShare / 4, 100);
}

// Pure green by BT.601 (Y 145, Cb 54, Cr 34) is no colour by BT.709.
TEST(PictureMeterTest, ColoursThatDoNotExistByAMatrix) {
  const auto stats = Measure(DrawnPicture(
      640, 360, [](int, int) { return 145; }, 54, 34));
  EXPECT_EQ(stats.outside[PictureStats::k601], 0);
  EXPECT_EQ(stats.outside[PictureStats::k709], kWholeShare);
}

// Pure red by BT.709: Y 63, Cb 102, Cr 240.
TEST(PictureMeterTest, SaturatedRed) {
  const auto stats = Measure(DrawnPicture(
      640, 360, [](int, int) { return 63; }, 102, 240));
  EXPECT_EQ(stats.red[0] % 2, 1);
  EXPECT_GT(stats.red[0] / 2, 115);
}

TEST(PictureMeterTest, APictureOfOneSampleIsMeasured) {
  const auto stats = Measure(DrawnPicture(2, 2, [](int, int) { return 100; }));
  EXPECT_EQ(stats.luma[PictureStats::k50], 400);
}

}  // namespace
}  // namespace reel::inspect
