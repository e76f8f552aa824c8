#include "inspect/fields.h"

#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FieldsTest, InterlacedButFlaggedProgressiveIsRejected) {
  LongTitle title;
  title.scan.source.video.field_order = "progressive";
  title.SetPictures(0, 400, Combed());
  EXPECT_THAT(
      InterlacedFlaggedProgressive(title.Facts()),
      ElementsAre(Is("interlaced-flagged-progressive", Severity::kReject)));
  title.scan.source.video.field_order = "tt";
  EXPECT_THAT(InterlacedFlaggedProgressive(title.Facts()), IsEmpty());
  EXPECT_THAT(ProgressiveFlaggedInterlaced(title.Facts()), IsEmpty());
}

TEST(FieldsTest, ProgressiveButFlaggedInterlacedIsWarnedOf) {
  LongTitle title;
  title.scan.source.video.field_order = "tt";
  EXPECT_THAT(
      ProgressiveFlaggedInterlaced(title.Facts()),
      ElementsAre(Is("progressive-flagged-interlaced", Severity::kWarn)));
}

}  // namespace
}  // namespace reel::inspect
