#include "package/hls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/golden.h"
#include "unit/package/test_title.h"

namespace reel::package {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kGoldens = "tests/unit/package/goldens/";

TEST(HlsTest, MasterPlaylistIsTheGolden) {
  reel::testing::ExpectGolden(kGoldens + "master.m3u8",
                              MasterPlaylist(TestTitle()));
}

TEST(HlsTest, MediaPlaylistsAreTheGoldens) {
  const Title title = TestTitle();
  reel::testing::ExpectGolden(kGoldens + "video.m3u8",
                              MediaPlaylist(title.video[0]));
  reel::testing::ExpectGolden(kGoldens + "audio.m3u8",
                              MediaPlaylist(title.audio[0]));
  reel::testing::ExpectGolden(kGoldens + "iframes.m3u8",
                              IFramePlaylist(title.video[0]));
}

TEST(HlsTest, ATitleWithoutSoundNamesNoGroup) {
  Title title = TestTitle();
  title.audio.clear();
  const std::string master = MasterPlaylist(title);
  EXPECT_THAT(master, Not(HasSubstr("AUDIO")));
  EXPECT_THAT(master, HasSubstr("CODECS=\"avc1.64001f\","));
}

TEST(HlsTest, BandwidthIncludesTheLargestSound) {
  Title title = TestTitle();
  const auto video = MeasureBitrates(SizesOf(title.video[0].segments, 24000));
  for (auto& segment : title.audio[1].segments) segment.bytes *= 2;
  const auto sound = MeasureBitrates(SizesOf(title.audio[1].segments, 48000));
  EXPECT_THAT(
      MasterPlaylist(title),
      HasSubstr("BANDWIDTH=" + std::to_string(video.peak_bps + sound.peak_bps) +
                ",AVERAGE-BANDWIDTH=" +
                std::to_string(video.average_bps + sound.average_bps)));
}

TEST(HlsTest, NamesInAGroupDiffer) {
  Title title = TestTitle();
  title.audio[1].language = "en";
  const std::string master = MasterPlaylist(title);
  EXPECT_THAT(master, HasSubstr("NAME=\"en\","));
  EXPECT_THAT(master, HasSubstr("NAME=\"en 2\","));
}

}  // namespace
}  // namespace reel::package
