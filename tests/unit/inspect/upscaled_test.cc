#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/finding_matchers.h"
#include "unit/inspect/made_up_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Spectrum kSharp{110, 106, 102, 98, 92, 86, 80, 76,
                          72,  68,  64,  60, 56, 52, 50, 48};
constexpr Spectrum kSoft{110, 104, 98, 94, 86, 70, 56, 46,
                         42,  40,  38, 36, 36, 34, 34, 32};

constexpr Spectrum kSofter{110, 104, 84, 64, 48, 44, 42, 41,
                           40,  39,  38, 37, 36, 36, 35, 35};

Findings Judge(const Spectrum& across, const Spectrum& down,
               size_t sharp_frames = 0) {
  MadeUpTitle title;
  for (size_t n = 0; n < title.pictures.size(); ++n) {
    title.pictures[n].detail =
        n < sharp_frames ? Detail{kSharp, kSharp} : Detail{across, down};
  }
  return Upscaled(title.Facts());
}

TEST(UpscaledTest, ABandThatStaysEmptyIsPointedOut) {
  EXPECT_THAT(Judge(kSoft, kSoft),
              ElementsAre(Is("upscaled", Severity::kInfo)));
}

TEST(UpscaledTest, TwoThirdsOfItIsWarnedOf) {
  EXPECT_THAT(Judge(kSofter, kSofter),
              ElementsAre(Is("upscaled", Severity::kWarn)));
}

TEST(UpscaledTest, OneSharpShotOrDirectionIsEnough) {
  EXPECT_THAT(Judge(kSoft, kSoft, 15), IsEmpty());
  EXPECT_THAT(Judge(kSoft, kSharp), IsEmpty());
  EXPECT_THAT(Judge(kSharp, kSharp), IsEmpty());
}

TEST(UpscaledTest, PicturesWithoutEdgesTellNothing) {
  EXPECT_THAT(Judge({}, {}), IsEmpty());
}

}  // namespace
}  // namespace reel::inspect
