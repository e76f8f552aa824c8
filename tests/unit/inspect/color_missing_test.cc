#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;

TEST(ColorMissingTest, IsWarnedOfWhereAGuessMayBeFarOff) {
  FileFacts facts = MadeUpFile();
  facts.source.video.color = {};
  EXPECT_THAT(ColorMissing(facts),
              ElementsAre(Is("color-missing", Severity::kInfo)));
  facts.source.video.bit_depth = 10;
  EXPECT_THAT(ColorMissing(facts),
              ElementsAre(Is("color-missing", Severity::kWarn)));
}

}  // namespace
}  // namespace reel::inspect
