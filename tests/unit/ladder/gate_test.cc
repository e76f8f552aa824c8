#include "ladder/gate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ladder/held_quality.h"
#include "unit/ladder/world.h"

namespace reel::ladder {
namespace {

model::MeasuredChunk Encoded(double crf, double vmaf, double worst_second,
                             int64_t bits) {
  model::MeasuredChunk encode;
  encode.crf = crf;
  encode.vmaf = vmaf;
  encode.worst_second = worst_second;
  encode.bits = bits;
  return encode;
}

const model::QualityRecipe kRecipe;
const ChunkCurve kCurve({{22, 98, 4e6}, {30, 88, 1.6e6}, {38, 60, 0.7e6}});

TEST(GateTest, JudgesMeanAndWorstSecond) {
  EXPECT_EQ(Judge(Encoded(30, 89.1, 86.1, 0), 90, kRecipe), Verdict::kKept);
  EXPECT_EQ(Judge(Encoded(30, 88.9, 88, 0), 90, kRecipe), Verdict::kBelow);
  EXPECT_EQ(Judge(Encoded(30, 90, 85.9, 0), 90, kRecipe), Verdict::kBelow);
  EXPECT_EQ(Judge(Encoded(30, 92.1, 92, 0), 90, kRecipe), Verdict::kAbove);
  // Its mean is high because its worst second has to be.
  EXPECT_EQ(Judge(Encoded(30, 94, 87, 0), 90, kRecipe), Verdict::kKept);
}

TEST(GateTest, WhatIsGoodEnoughIsLeftAlone) {
  const std::vector tried{Encoded(29, 90.2, 89, 1'800'000)};
  EXPECT_FALSE(NextCrf(tried, kCurve, 90, kRecipe).has_value());
}

TEST(GateTest, FollowsTheCurveToTheTarget) {
  const std::vector below{Encoded(30, 88, 87, 1'600'000)};
  const auto lower = NextCrf(below, kCurve, 92, kRecipe);
  ASSERT_TRUE(lower.has_value());
  EXPECT_NEAR(kCurve.Vmaf(*lower), 92, 0.5);

  const std::vector above{Encoded(30, 88, 87, 1'600'000)};
  const auto higher = NextCrf(above, kCurve, 80, kRecipe);
  ASSERT_TRUE(higher.has_value());
  EXPECT_NEAR(kCurve.Vmaf(*higher), 80, 0.6);
}

TEST(GateTest, AWorstSecondLiftsTheChunk) {
  const std::vector tried{Encoded(30, 88, 80, 1'600'000)};
  const auto crf = NextCrf(tried, kCurve, 88, kRecipe);
  ASSERT_TRUE(crf.has_value());
  const double mean = kCurve.Vmaf(*crf);
  EXPECT_NEAR(mean - Unevenness(tried[0]) * std::sqrt(100 - mean), 84.5, 0.4);
  EXPECT_GT(mean, 90);
}

TEST(GateTest, AWorstSecondLimitsTheWayDown) {
  const std::vector tried{Encoded(24, 95.5, 91, 3'000'000)};
  const auto crf = NextCrf(tried, kCurve, 88, kRecipe);
  ASSERT_TRUE(crf.has_value());
  const double mean = kCurve.Vmaf(*crf);
  EXPECT_GT(mean, 89);
  EXPECT_GT(mean - Unevenness(tried[0]) * std::sqrt(100 - mean), 84);
}

// Not further down from where it was good, but back.
TEST(GateTest, TooFarDownIsFollowedByWhatLiesBetween) {
  const ChunkCurve curve({{25, 86, 2e6}, {30, 80, 1.2e6}, {35, 68, 0.8e6}});
  std::vector tried{Encoded(25.5, 81.5, 75.8, 2'000'000),
                    Encoded(27.5, 77.3, 69.2, 1'600'000)};
  const auto crf = NextCrf(tried, curve, 73.3, kRecipe);
  ASSERT_TRUE(crf.has_value());
  EXPECT_GT(*crf, 26.5);
  EXPECT_LT(*crf, 27.5);
  tried[1].crf = 25.75;
  EXPECT_FALSE(NextCrf(tried, curve, 73.3, kRecipe).has_value());
}

TEST(GateTest, NeverTriesTheSameTwice) {
  const std::vector tried{Encoded(28, 86, 85, 2'000'000),
                          Encoded(27.75, 86.1, 85, 2'050'000)};
  // The curve would say 28 or so; both are below what is meant.
  const auto crf = NextCrf(tried, kCurve, 90, kRecipe);
  ASSERT_TRUE(crf.has_value());
  EXPECT_LT(*crf, 27.75);
}

TEST(GateTest, GivesUpAtTheEndOfTheScale) {
  const std::vector tried{Encoded(kLeastCrf, 80, 79, 9'000'000)};
  EXPECT_FALSE(NextCrf(tried, kCurve, 95, kRecipe).has_value());
}

TEST(GateTest, AnOvershootThatSavesNothingIsKept) {
  const ChunkCurve flat({{22, 98, 1000}, {38, 60, 995}});
  const std::vector tried{Encoded(30, 88, 87, 1000)};
  EXPECT_FALSE(NextCrf(tried, flat, 80, kRecipe).has_value());
}

TEST(GateTest, SettlesForTheCheapestThatIsGood) {
  const std::vector tried{Encoded(30, 85, 84, 100), Encoded(27, 91, 90, 180),
                          Encoded(28, 89.5, 88, 150)};
  EXPECT_EQ(Settle(tried, 90, kRecipe), 2u);
  const std::vector poor{Encoded(30, 85, 84, 100), Encoded(27, 87, 86, 180)};
  EXPECT_EQ(Settle(poor, 95, kRecipe), 1u);
}

// However far off the first guess was, two corrections along the curve bring
// the chunk to its target.
TEST(GateTest, TwoCorrectionsAreEnough) {
  const FakeTitle title{.shots = {{.hardness = 2, .draft_shift = 3}}};
  const model::Recipe recipe = RecipeOf("per-shot");
  const SearchFacts facts = title.Facts(recipe);
  for (const double target : {95.0, 83.0, 65.0}) {
    for (const double first : {20.0, 28.0, 40.0}) {
      std::vector<model::MeasuredChunk> tried{
          title.Encode(0, title.sizes[0], first)};
      for (int correction = 0; correction < 2; ++correction) {
        const auto curve = FitCurve(facts.chunks[0], title.sizes[0],
                                    facts.probes[0], tried, {});
        ASSERT_TRUE(curve.has_value());
        const auto next = NextCrf(tried, *curve, target, kRecipe);
        if (!next) break;
        tried.push_back(title.Encode(0, title.sizes[0], *next));
      }
      const auto& kept = tried[Settle(tried, target, kRecipe)];
      EXPECT_NEAR(kept.vmaf, target, 1.0) << first;
    }
  }
}

TEST(GateTest, OneCrfForAllPromisesLess) {
  model::Rung rung;
  rung.target_vmaf = 90;
  const model::ChunkChoice choice{.crf = 30, .vmaf = 94, .target_vmaf = 93};
  EXPECT_EQ(PromiseOf(choice, rung, RecipeOf("per-shot")), 93);
  EXPECT_EQ(PromiseOf(choice, rung, RecipeOf("per-title")), 86);
}

}  // namespace
}  // namespace reel::ladder
