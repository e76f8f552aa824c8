#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Light of `cells` cells that swings with `hz`, from frame 50 to 100.
void Flicker(LongTitle& title, size_t cells, double hz, uint8_t bright) {
  for (size_t n = 50; n < 100; ++n) {
    const double phase =
        std::sin(2 * std::numbers::pi * hz * static_cast<double>(n) / 25);
    for (size_t i = 0; i < cells; ++i)
      title.pictures[n].light[i] = phase > 0 ? bright : 120;
  }
}

TEST(PhotosensitiveTest, FastFlashesOverAQuarterAreWarnedOf) {
  LongTitle title;
  Flicker(title, 12, 5, 200);
  const auto found = PhotosensitiveFlash(title.Facts());
  ASSERT_THAT(found, ElementsAre(Is("photosensitive-flash", Severity::kWarn)));
  EXPECT_NEAR(found[0].start, 2, 0.25);
  EXPECT_NEAR(found[0].end, 4, 1);
}

TEST(PhotosensitiveTest, SlowSmallOrFaintOnesAreNot) {
  LongTitle slow, small, faint;
  Flicker(slow, 48, 2.5, 200);
  Flicker(small, 11, 5, 200);
  Flicker(faint, 48, 5, 140);  // 0.22 to 0.30 of 200 cd/m2
  EXPECT_THAT(PhotosensitiveFlash(slow.Facts()), IsEmpty());
  EXPECT_THAT(PhotosensitiveFlash(small.Facts()), IsEmpty());
  EXPECT_THAT(PhotosensitiveFlash(faint.Facts()), IsEmpty());
}

TEST(PhotosensitiveTest, SaturatedRed) {
  LongTitle title;
  for (size_t n = 50; n < 100; ++n)
    for (size_t i = 0; i < 20; ++i)
      title.pictures[n].red[i] = n % 4 < 2 ? 2 * 60 + 1 : 0;
  EXPECT_THAT(PhotosensitiveFlash(title.Facts()),
              ElementsAre(Is("photosensitive-flash", Severity::kWarn)));
}

}  // namespace
}  // namespace reel::inspect
