#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ColorMismatchTest, TagsAgainstEachOther) {
  LongTitle title;
  auto& video = title.scan.source.video;
  video.color = {"smpte170m", "smpte170m", "smpte170m", "tv"};
  EXPECT_THAT(ColorMismatch(title.Facts()), IsEmpty());  // SD
  video.width = 1920;
  video.height = 1080;
  EXPECT_THAT(ColorMismatch(title.Facts()),
              ElementsAre(Is("color-mismatch", Severity::kWarn)));
  video.color = {"bt709", "bt709", "bt2020nc", "tv"};
  EXPECT_THAT(ColorMismatch(title.Facts()),
              ElementsAre(Is("color-mismatch", Severity::kWarn)));
  video.color = {"bt709", "smpte2084", "bt709", "tv"};
  EXPECT_THAT(ColorMismatch(title.Facts()),
              ElementsAre(Is("color-mismatch", Severity::kWarn)));
}

TEST(ColorMismatchTest, ColoursOutsideOfTheTaggedMatrix) {
  LongTitle title;
  title.scan.source.video.color = {"bt709", "bt709", "bt709", "tv"};
  PictureStats stats = MadeUpPicture();
  stats.outside = {400, 7100, 1300};
  title.SetPictures(0, 400, stats);
  EXPECT_THAT(ColorMismatch(title.Facts()),
              ElementsAre(Is("color-mismatch", Severity::kWarn)));
  stats.outside = {1300, 7100, 1300};  // strange by both
  title.SetPictures(0, 400, stats);
  EXPECT_THAT(ColorMismatch(title.Facts()), IsEmpty());
  stats.outside = {300, 2400, 550};  // red leaves, made small with sharp edges
  title.SetPictures(0, 400, stats);
  EXPECT_THAT(ColorMismatch(title.Facts()), IsEmpty());
}

TEST(ColorMismatchTest, RangeAgainstPixels) {
  LongTitle title;
  title.scan.source.video.color.range = "tv";
  PictureStats full = MadeUpPicture();
  full.luma = {0, 8, 100, 400, 700, 1000, 1020};
  title.SetPictures(0, 400, full);
  EXPECT_THAT(ColorMismatch(title.Facts()),
              ElementsAre(Is("color-mismatch", Severity::kWarn)));
  title.scan.source.video.color.transfer = "iec61966-2-4";  // xvYCC
  EXPECT_THAT(ColorMismatch(title.Facts()), IsEmpty());
  title.scan.source.video.color.transfer = "bt709";
  PictureStats ringing = MadeUpPicture();
  ringing.luma = {16, 40, 80, 330, 600, 730, 800};
  title.SetPictures(0, 400, ringing);
  EXPECT_THAT(ColorMismatch(title.Facts()), IsEmpty());
  title.SetPictures(0, 400, full);
  title.scan.source.video.color.range = "pc";
  EXPECT_THAT(ColorMismatch(title.Facts()), IsEmpty());
  title.SetPictures(0, 400, MadeUpPicture());  // 70 to 850
  EXPECT_THAT(ColorMismatch(title.Facts()),
              ElementsAre(Is("color-mismatch", Severity::kWarn)));
}

}  // namespace
}  // namespace reel::inspect
