#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/finding_matchers.h"
#include "unit/inspect/made_up_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Findings Judge(int width, int height, base::Rational container,
               base::Rational stream) {
  FileFacts facts = MadeUpFile();
  facts.source.video.width = width;
  facts.source.video.height = height;
  facts.source.video.sample_aspect = container;
  facts.source.video.coded_aspect = stream;
  return AspectMismatch(facts);
}

const auto kWarned = ElementsAre(Is("aspect-mismatch", Severity::kWarn));

TEST(AspectMismatchTest, ContainerAgainstStream) {
  EXPECT_THAT(Judge(960, 540, {4, 3}, {1, 1}), kWarned);
  EXPECT_THAT(Judge(1440, 1080, {4, 3}, {4, 3}), IsEmpty());
  EXPECT_THAT(Judge(1440, 1080, {4, 3}, {0, 1}), IsEmpty());
  EXPECT_THAT(Judge(720, 576, {59, 54}, {16, 15}), IsEmpty());
}

TEST(AspectMismatchTest, RastersHaveTheirSamples) {
  EXPECT_THAT(Judge(720, 576, {1, 1}, {0, 1}), kWarned);
  EXPECT_THAT(Judge(720, 480, {32, 27}, {32, 27}), IsEmpty());
  EXPECT_THAT(Judge(1280, 720, {3, 4}, {3, 4}), kWarned);
  EXPECT_THAT(Judge(1920, 1080, {1, 1}, {1, 1}), IsEmpty());
  EXPECT_THAT(Judge(1000, 563, {3, 4}, {0, 1}), IsEmpty());
}

TEST(AspectMismatchTest, PhonesMadeSquareSamplesOf480Lines) {
  EXPECT_THAT(Judge(720, 480, {1, 1}, {1, 1}),
              ElementsAre(Is("aspect-mismatch", Severity::kInfo)));
}

TEST(AspectMismatchTest, WithoutAPictureThereIsNone) {
  FileFacts facts = MadeUpFile();
  facts.source.video = {};
  EXPECT_THAT(AspectMismatch(facts), IsEmpty());
}

}  // namespace
}  // namespace reel::inspect
