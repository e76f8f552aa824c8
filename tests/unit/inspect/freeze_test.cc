#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FreezeTest, AmidMotionIsWarnedOf) {
  LongTitle title;
  title.SetChanges(51, 100, 0);
  title.fingerprints[75].change = 40;  // a key picture refreshes it
  EXPECT_THAT(Freeze(title.Facts()),
              ElementsAre(Is("freeze", Severity::kWarn, 2, 4)));
}

TEST(FreezeTest, AStillUntilTheEndOrFromCutToCutIsPointedOut) {
  LongTitle title;
  title.SetChanges(0, 51, 10);
  title.fingerprints[50].change = 9000;
  title.SetChanges(51, 100, 0);
  title.SetChanges(350, 400, 0);
  EXPECT_THAT(Freeze(title.Facts()),
              ElementsAre(Is("freeze", Severity::kInfo),
                          Is("freeze", Severity::kInfo)));
}

TEST(FreezeTest, ShortOrLivelyStillsAreNothing) {
  LongTitle title;
  title.SetChanges(51, 75, 0);
  title.SetChanges(100, 200, 9);  // noise of a camera that stands
  EXPECT_THAT(Freeze(title.Facts()), IsEmpty());
}

}  // namespace
}  // namespace reel::inspect
