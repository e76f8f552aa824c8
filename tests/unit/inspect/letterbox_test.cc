#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LetterboxTest, BarsThatStayAreFoundWhereTheyAre) {
  LongTitle title;
  PictureStats boxed = MadeUpPicture();
  boxed.bars = {.top = 44, .bottom = 44, .left = 0, .right = 0};
  title.SetPictures(100, 400, boxed);
  title.fingerprints[100].change = 9000;  // the cut
  const auto found = Letterbox(title.Facts());
  ASSERT_THAT(found, ElementsAre(Is("letterbox", Severity::kInfo, 4, 16)));
  EXPECT_EQ(found[0].evidence["top"], 44);
  EXPECT_THAT(found[0].message, ::testing::HasSubstr("640x272 at (0, 44)"));
}

TEST(LetterboxTest, OneLitPictureEndsIt) {
  LongTitle title;
  PictureStats boxed = MadeUpPicture();
  boxed.bars = {.top = 44, .bottom = 44, .left = 0, .right = 0};
  title.SetPictures(0, 400, boxed);
  title.SetPictures(200, 201, MadeUpPicture());
  EXPECT_THAT(Letterbox(title.Facts()), IsEmpty());
}

TEST(LetterboxTest, ADarkEdgeOnOneSideIsNoBar) {
  LongTitle title;
  PictureStats dark = MadeUpPicture();
  dark.bars = {.top = 90, .bottom = 3, .left = 0, .right = 0};
  title.SetPictures(0, 400, dark);
  EXPECT_THAT(Letterbox(title.Facts()), IsEmpty());
}

TEST(LetterboxTest, BarsOnAllSidesAreWarnedOf) {
  LongTitle title;
  PictureStats boxed = MadeUpPicture();
  boxed.bars = {.top = 44, .bottom = 44, .left = 80, .right = 80};
  title.SetPictures(0, 400, boxed);
  EXPECT_THAT(Letterbox(title.Facts()),
              ElementsAre(Is("letterbox", Severity::kWarn)));
}

}  // namespace
}  // namespace reel::inspect
