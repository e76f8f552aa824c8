#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

PictureStats BlackPicture() {
  PictureStats stats;
  stats.luma.fill(66);
  stats.bars = {.top = 360, .bottom = 0, .left = 640, .right = 0};
  return stats;
}

TEST(BlackTest, IsToldByLengthAndPlace) {
  LongTitle title;
  title.SetPictures(50, 75, BlackPicture());  // 1 s
  EXPECT_THAT(Black(title.Facts()),
              ElementsAre(Is("black", Severity::kWarn, 2, 3)));
  title.limits.black_ms = 1001;
  EXPECT_THAT(Black(title.Facts()), ElementsAre(Is("black", Severity::kInfo)));
}

TEST(BlackTest, TheBeginningAndTheEndMayBeBlackForLonger) {
  LongTitle title;
  title.SetPictures(0, 100, BlackPicture());
  title.SetPictures(300, 400, BlackPicture());
  EXPECT_THAT(Black(title.Facts()), IsEmpty());
  title.limits.black_at_start_ms = 3000;
  title.limits.black_at_end_ms = 3000;
  EXPECT_THAT(Black(title.Facts()),
              ElementsAre(Is("black", Severity::kWarn, 0, 4),
                          Is("black", Severity::kWarn, 12, 16)));
}

TEST(BlackTest, AFadeThroughBlackIsNothing) {
  LongTitle title;
  PictureStats dark = MadeUpPicture();
  dark.luma = {64, 64, 66, 80, 100, 125, 130};
  title.SetPictures(40, 60, dark);
  title.SetPictures(45, 55, BlackPicture());
  EXPECT_THAT(Black(title.Facts()), IsEmpty());
}

}  // namespace
}  // namespace reel::inspect
