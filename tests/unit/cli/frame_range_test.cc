#include "cli/frame_range.h"

#include <gtest/gtest.h>

#include <string>

namespace reel::cli {
namespace {

using std::chrono::milliseconds;

TEST(FrameRangeTest, TakesFramesSecondsAndNothing) {
  const auto frames = ParseFrameRange("24:48");
  ASSERT_TRUE(frames.has_value());
  EXPECT_EQ(frames->first, quality::FramePlace(int64_t{24}));
  EXPECT_EQ(frames->end, quality::FramePlace(int64_t{48}));
  const auto seconds = ParseFrameRange("1.5s:2s");
  ASSERT_TRUE(seconds.has_value());
  EXPECT_EQ(seconds->first, quality::FramePlace(milliseconds(1500)));
  EXPECT_EQ(seconds->end, quality::FramePlace(milliseconds(2000)));
  const auto tail = ParseFrameRange("7:");
  ASSERT_TRUE(tail.has_value());
  EXPECT_EQ(tail->first, quality::FramePlace(int64_t{7}));
  EXPECT_FALSE(tail->end.has_value());
  EXPECT_FALSE(ParseFrameRange(":7s")->first.has_value());
}

TEST(FrameRangeTest, RefusesAnythingElse) {
  for (const std::string text :
       {"", "7", "a:b", "-1:5", "1:-5", "1 :5", "1:5x", "1:2:3", "s:5",
        "nans:", ":infs", "-1s:", "1e300s:", "99999999999999999999:"})
    EXPECT_FALSE(ParseFrameRange(text).has_value()) << text;
}

}  // namespace
}  // namespace reel::cli
