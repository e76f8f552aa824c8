#include "package/dash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/golden.h"
#include "unit/package/test_title.h"

namespace reel::package {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(DashTest, ManifestIsTheGolden) {
  reel::testing::ExpectGolden("tests/unit/package/goldens/manifest.mpd",
                              DashManifest(TestTitle()));
}

TEST(DashTest, DurationIsRoundedUpToTheMicrosecond) {
  // 179 frames: 7.465791666... s
  EXPECT_THAT(DashManifest(TestTitle()),
              HasSubstr("mediaPresentationDuration=\"PT7.465792S\""));
}

TEST(DashTest, WholeSecondsHaveNoFraction) {
  Title title = TestTitle();
  title.video.resize(1);
  title.video[0].segments = {{{0, 4}, 0, 96000, 1000, ""}};
  EXPECT_THAT(DashManifest(title),
              HasSubstr("mediaPresentationDuration=\"PT4S\""));
}

TEST(DashTest, ATitleMayBePictureAlone) {
  Title title = TestTitle();
  title.audio.clear();
  title.thumbnails.reset();
  const std::string mpd = DashManifest(title);
  EXPECT_THAT(mpd, Not(HasSubstr("audio")));
  EXPECT_THAT(mpd, Not(HasSubstr("image")));
}

}  // namespace
}  // namespace reel::package
