#include "quality/frame_scorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <optional>
#include <string>
#include <utility>

#include "quality/scalar/features.h"
#include "testing/test_pictures.h"

namespace reel::quality {
namespace {

using ::testing::HasSubstr;
using testing::TestPicture;

constexpr Format kFormat{48, 36, 8};

TestPicture Grey(const Format& format, uint32_t level) {
  return {format.width, format.height, format.bit_depth, [level](int x, int y) {
            return level + static_cast<uint32_t>((x * y) % 16);
          }};
}

// The same pattern, of more or less contrast.
TestPicture Noise(const Format& format, uint32_t seed, uint32_t contrast) {
  return {format.width, format.height, format.bit_depth, [=](int x, int y) {
            return 20 + testing::NoiseAt(seed, x, y) % 256 * contrast / 256;
          }};
}

template <typename T>
void ExpectRefused(const base::Result<T>& result, const std::string& why) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, base::Code::kInvalidArgument);
  EXPECT_THAT(result.error().message, HasSubstr(why));
}

ReferenceFrame ReferenceOf(const Format& format, const TestPicture& picture) {
  auto reference = ReferenceFrame::Create(format);
  EXPECT_TRUE(reference.has_value());
  EXPECT_TRUE(reference->Set(picture.plane(), {}).has_value());
  return *std::move(reference);
}

TEST(ReferenceFrameTest, IsNotMadeOfABadFormat) {
  ExpectRefused(ReferenceFrame::Create({20, 16, 8}), "20x16");
  ExpectRefused(ReferenceFrame::Create({64, 64, 4}), "4 bit");
}

TEST(ReferenceFrameTest, RefusesOtherPlanes) {
  auto reference = ReferenceFrame::Create(kFormat);
  ASSERT_TRUE(reference.has_value());
  const TestPicture good = Grey(kFormat, 50);
  const TestPicture wide = Grey({50, 36, 8}, 50);
  ExpectRefused(reference->Set(wide.plane(), {}),
                "the reference picture is 50x36");
  ExpectRefused(reference->Set(good.plane(), wide.plane()),
                "the reference picture before this one is 50x36");
}

TEST(ReferenceFrameTest, KeepsNothingOfThePictureBefore) {
  auto reference = ReferenceFrame::Create(kFormat);
  ASSERT_TRUE(reference.has_value());
  auto scorer = Scorer::Create(kFormat);
  ASSERT_TRUE(scorer.has_value());
  const TestPicture kept = Grey(kFormat, 50);
  {
    const TestPicture gone = Grey(kFormat, 50);
    ASSERT_TRUE(reference->Set(kept.plane(), gone.plane()).has_value());
  }
  const auto features =
      scorer->Score(*reference, Grey(kFormat, 50).plane(), {});
  ASSERT_TRUE(features.has_value());
  EXPECT_NEAR(features->adm2, 1, 1e-5);
}

TEST(ReferenceFrameTest, HasMotionOnlyAfterAnotherFrame) {
  auto reference = ReferenceFrame::Create(kFormat);
  ASSERT_TRUE(reference.has_value());
  const TestPicture dark = Grey(kFormat, 50), light = Grey(kFormat, 60);
  EXPECT_EQ(reference->motion(), 0);
  ASSERT_TRUE(reference->Set(light.plane(), dark.plane()).has_value());
  EXPECT_EQ(reference->motion(), 10);
  ASSERT_TRUE(reference->Set(light.plane(), std::nullopt).has_value());
  EXPECT_EQ(reference->motion(), 0);
  EXPECT_EQ(reference->format(), kFormat);
}

TEST(ReferenceFrameTest, OfMotionAloneIsNotScoredAgainst) {
  const TestPicture first = Grey(kFormat, 50);
  ReferenceFrame reference = ReferenceOf(kFormat, first);
  const TestPicture dark = Grey(kFormat, 50), light = Grey(kFormat, 60);
  ASSERT_TRUE(reference.SetMotion(light.plane(), dark.plane()).has_value());
  EXPECT_EQ(reference.motion(), 10);
  auto scorer = Scorer::Create(kFormat);
  ASSERT_TRUE(scorer.has_value());
  ExpectRefused(scorer->Score(reference, light.plane(), {}), "call Set first");
}

TEST(ScorerTest, IsNotMadeOfABadFormat) {
  ExpectRefused(Scorer::Create({16385, 64, 8}), "16385x64");
}

TEST(ScorerTest, RefusesWhatIsNotOfItsFormat) {
  auto scorer = Scorer::Create(kFormat);
  ASSERT_TRUE(scorer.has_value());
  const TestPicture picture = Grey(kFormat, 50);
  const Format other{48, 36, 10};
  const TestPicture deep = Grey(other, 50);
  ExpectRefused(scorer->Score(ReferenceOf(other, deep), picture.plane(), {}),
                "another format");
  ExpectRefused(scorer->Score(ReferenceOf(kFormat, picture),
                              Grey({48, 38, 8}, 50).plane(), {}),
                "the distorted picture is 48x38");
  ExpectRefused(
      scorer->Score(ReferenceOf(kFormat, picture), picture.plane(), {0, 1}),
      "gain limits");
}

TEST(ScorerTest, RefusesAReferenceThatHoldsNoPicture) {
  auto reference = ReferenceFrame::Create(kFormat);
  auto scorer = Scorer::Create(kFormat);
  ASSERT_TRUE(reference.has_value() && scorer.has_value());
  ExpectRefused(scorer->Score(*reference, Grey(kFormat, 50).plane(), {}),
                "call Set first");
}

TEST(ScorerTest, ServesManyReferencesInTurn) {
  auto scorer = Scorer::Create(kFormat);
  ASSERT_TRUE(scorer.has_value());
  const TestPicture dark = Grey(kFormat, 50), light = Grey(kFormat, 100);
  const ReferenceFrame one = ReferenceOf(kFormat, dark);
  const ReferenceFrame two = ReferenceOf(kFormat, light);
  const TestPicture distorted(48, 36, 8, [](int x, int y) {
    return static_cast<uint32_t>(x * 3 + y * 2);
  });
  const auto first = scorer->Score(one, distorted.plane(), {});
  ASSERT_TRUE(
      scorer->Score(two, distorted.plane(), kNegGainLimits).has_value());
  const auto again = scorer->Score(one, distorted.plane(), {});
  ASSERT_TRUE(first.has_value() && again.has_value());
  EXPECT_EQ(first->adm2, again->adm2);
  EXPECT_EQ(first->vif, again->vif);
}

// Of gain limits, only 1 and 100 are whole models'.
TEST(ScorerTest, TakesGainLimitsThatAreNoWholeNumbers) {
  constexpr GainLimits kLimits{1.5, 1.2};
  constexpr Format kLarger{130, 71, 8};
  const TestPicture reference = Noise(kLarger, 1, 60);
  const TestPicture distorted = Noise(kLarger, 1, 100);
  const FrameFeatures want = scalar::Features(
      reference.plane(), distorted.plane(), kLarger.bit_depth, kLimits);
  for (int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    const int64_t target = left & -left;
    if (target >= HWY_EMU128) continue;
    hwy::SetSupportedTargetsForTest(target);
    SCOPED_TRACE(hwy::TargetName(target));
    auto scorer = Scorer::Create(kLarger);
    ASSERT_TRUE(scorer.has_value());
    const auto got = scorer->Score(ReferenceOf(kLarger, reference),
                                   distorted.plane(), kLimits);
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->adm_num, want.adm_num);
    EXPECT_EQ(got->vif_num, want.vif_num);
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace
}  // namespace reel::quality
