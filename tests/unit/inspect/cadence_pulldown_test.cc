#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PulldownTest, TwoWovenFramesOfFive) {
  LongTitle title;
  for (size_t n = 0; n < 400; ++n)
    if (n % 5 < 2) title.pictures[n] = Combed();
  EXPECT_THAT(CadencePulldown(title.Facts()),
              ElementsAre(Is("cadence-pulldown", Severity::kWarn)));
}

TEST(PulldownTest, ARepeatInFiveAndThreeInFive) {
  for (const std::vector<size_t>& repeats :
       {std::vector<size_t>{3}, std::vector<size_t>{1, 3, 4}}) {
    LongTitle title;
    for (size_t n = 0; n < 400; ++n)
      if (std::count(repeats.begin(), repeats.end(), n % 5) > 0)
        title.fingerprints[n].change = 2;
    EXPECT_THAT(CadencePulldown(title.Facts()),
                ElementsAre(Is("cadence-pulldown", Severity::kWarn)));
  }
}

TEST(PulldownTest, ASecondAndAHalfOfMotionIsEnough) {
  LongTitle title;
  title.SetChanges(0, 400, 20);
  title.SetChanges(100, 145, 500);
  for (size_t n = 100; n < 145; n += 5) title.fingerprints[n].change = 3;
  EXPECT_THAT(CadencePulldown(title.Facts()),
              ElementsAre(Is("cadence-pulldown", Severity::kWarn)));
  title.SetChanges(200, 350, 500);  // more moves otherwise
  EXPECT_THAT(CadencePulldown(title.Facts()), IsEmpty());
}

TEST(PulldownTest, InterlacedVideoIsNone) {
  LongTitle title;
  title.SetPictures(0, 400, Combed());
  EXPECT_THAT(CadencePulldown(title.Facts()), IsEmpty());
}

TEST(PulldownTest, OtherRhythmsAreNone) {
  for (const size_t period : {2u, 3u, 4u, 6u, 25u}) {
    LongTitle title;
    for (size_t n = 0; n < 400; ++n)
      if (n % period == 0) title.fingerprints[n].change = 2;
    EXPECT_THAT(CadencePulldown(title.Facts()), IsEmpty()) << period;
  }
}

}  // namespace
}  // namespace reel::inspect
