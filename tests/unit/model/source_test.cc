#include "model/source.h"

#include <gtest/gtest.h>

#include <string>

namespace reel::model {
namespace {

struct Case {
  std::string name;
  int width, height;
  base::Rational aspect;
  int rotation;
  int want_width, want_height;
};
class DisplaySizeTest : public testing::TestWithParam<Case> {};

TEST_P(DisplaySizeTest, IsUprightInSquarePixels) {
  const Case& c = GetParam();
  VideoTrack track;
  track.width = c.width;
  track.height = c.height;
  track.sample_aspect = c.aspect;
  track.rotation_degrees = c.rotation;
  const Size size = DisplaySize(track);
  EXPECT_EQ(size.width, c.want_width);
  EXPECT_EQ(size.height, c.want_height);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, DisplaySizeTest,
    testing::Values(
        Case{"Square", 1280, 720, {1, 1}, 0, 1280, 720},
        Case{"Unknown", 1280, 720, {0, 1}, 0, 1280, 720},
        Case{"WideNtsc", 720, 480, {32, 27}, 0, 853, 480},
        Case{"TallPixels", 720, 480, {8, 9}, 0, 720, 540},
        Case{"Portrait", 1920, 1080, {1, 1}, 90, 1080, 1920},
        Case{"UpsideDown", 1920, 1080, {1, 1}, 180, 1920, 1080},
        Case{"TurnedAnamorphic", 1440, 1080, {4, 3}, 270, 1080, 1920},
        Case{"Hostile", 1920, 1080, {1 << 30, 1}, 0, 16384, 1080}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace reel::model
