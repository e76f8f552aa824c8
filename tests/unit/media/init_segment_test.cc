#include "media/init_segment.h"

#include <gtest/gtest.h>

#include <string>

#include "media/mp4_track.h"
#include "testing/mp4_builder.h"

namespace reel::media {
namespace {

std::string Text(const std::vector<uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(InitSegmentTest, AddsAnEditList) {
  const auto muxed = testing::MakeInit({});
  const auto track = ParseTrackHeader(FinishInit(muxed, 2002, {}));
  ASSERT_TRUE(track.has_value()) << track.error().message;
  EXPECT_EQ(track->edit_start_ticks, 2002);
  EXPECT_EQ(ParseTrackHeader(FinishInit(muxed, 0, {}))->edit_start_ticks, 0);
}

TEST(InitSegmentTest, IsBrandedAsCmaf) {
  const std::string init = Text(FinishInit(testing::MakeInit({}), 0, {}));
  EXPECT_EQ(init.substr(4, 8), "ftypiso6");
  EXPECT_EQ(init.substr(20, 4), "cmfc");
}

TEST(InitSegmentTest, TellsTheEdgesOfSound) {
  const auto init = FinishInit(
      testing::MakeInit({}), 1024,
      SoundEdges{.priming = 1024, .samples = 0x46500, .padding = 768});
  EXPECT_TRUE(ParseTrackHeader(init).has_value());
  EXPECT_NE(Text(init).find(" 00000000 00000400 00000300 0000000000046500 "),
            std::string::npos);
}

}  // namespace
}  // namespace reel::media
