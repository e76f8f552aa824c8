#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Projections of unrelated pictures.
model::Fingerprint PrintOf(uint32_t seed) {
  model::Fingerprint print;
  for (auto& value : print.projection) {
    seed = seed * 1664525 + 1013904223;
    value = static_cast<int16_t>(static_cast<int32_t>(seed >> 20) - 2048);
  }
  print.change = 500;
  return print;
}

TEST(FlashFrameTest, AStrayFrameIsWarnedOf) {
  LongTitle title;
  for (auto& print : title.fingerprints) print = PrintOf(1);
  title.fingerprints[200] = PrintOf(2);
  EXPECT_THAT(FlashFrame(title.Facts()), IsEmpty());  // the light stays
  for (size_t i = 0; i < kLightCells; ++i)
    title.pictures[200].light[i] = i % 2 == 0 ? 40 : 200;
  EXPECT_THAT(FlashFrame(title.Facts()),
              ElementsAre(Is("flash-frame", Severity::kWarn, 8, 8.04)));
}

TEST(FlashFrameTest, AFlashOfLightAndACutAreNone) {
  LongTitle title;
  for (size_t n = 0; n < 400; ++n)
    title.fingerprints[n] = PrintOf(n < 200 ? 1 : 2);
  title.fingerprints[100] = PrintOf(3);
  for (size_t i = 0; i < kLightCells; ++i)
    title.pictures[100].light[i] = i % 2 == 0 ? 120 : 250;
  EXPECT_THAT(FlashFrame(title.Facts()), IsEmpty());
}

}  // namespace
}  // namespace reel::inspect
