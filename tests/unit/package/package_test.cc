#include "package/package.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "unit/package/test_title.h"

namespace reel::package {
namespace {

using ::testing::ElementsAre;
using ::testing::Key;

TEST(PackageTest, WritesAllTextOfATitle) {
  const auto files = WriteManifests(TestTitle());
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_THAT(*files,
              ElementsAre(Key("audio/audio-en-aac.m3u8"),
                          Key("audio/audio-und-aac.m3u8"), Key("manifest.mpd"),
                          Key("master.m3u8"), Key("thumbnails/thumbnails.vtt"),
                          Key("video/360p-h264-iframes.m3u8"),
                          Key("video/360p-h264.m3u8"),
                          Key("video/720p-h264-iframes.m3u8"),
                          Key("video/720p-h264.m3u8")));
}

struct BadTitle {
  const char* name;
  std::function<void(Title&)> spoil;
};
class BadTitleTest : public ::testing::TestWithParam<BadTitle> {};

TEST_P(BadTitleTest, IsRefused) {
  Title title = TestTitle();
  GetParam().spoil(title);
  const auto files = WriteManifests(title);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, base::Code::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadTitleTest,
    ::testing::Values(
        BadTitle{"NoVideo", [](Title& title) { title.video.clear(); }},
        BadTitle{"NoFrameRate",
                 [](Title& title) {
                   title.frame_rate = {0, 1};
                 }},
        BadTitle{"NoSegments",
                 [](Title& title) { title.video[0].segments.clear(); }},
        BadTitle{
            "Gap",
            [](Title& title) { title.video[0].segments[1].start_ticks += 1; }},
        BadTitle{
            "StartsLate",
            [](Title& title) { title.audio[0].segments[0].start_ticks = 1; }},
        BadTitle{"EmptySegment",
                 [](Title& title) {
                   title.video[0].segments[0].duration_ticks = 0;
                 }},
        BadTitle{"NameThatLeavesTheFolder",
                 [](Title& title) { title.video[0].rendition = "../x"; }},
        BadTitle{"NameThatEndsAString",
                 [](Title& title) { title.video[0].rendition = "a\"b"; }},
        BadTitle{"LanguageThatEndsALine",
                 [](Title& title) { title.audio[0].language = "en\n#EXT"; }},
        BadTitle{
            "MissingKeyFrameSizes",
            [](Title& title) { title.video[0].key_frame_bytes.pop_back(); }}),
    [](const auto& c) { return std::string(c.param.name); });

}  // namespace
}  // namespace reel::package
