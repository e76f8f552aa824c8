#include <gtest/gtest.h>

#include "shots/complexity.h"

namespace reel::shots {
namespace {

using Look = FrameComplexity::Look;

constexpr int kWidth = 1000;

// Frames of one shot, of which every fifth was looked at.
ComplexityTable Shot(const FrameComplexity& look, int frames = 20) {
  ComplexityTable table(static_cast<size_t>(frames));
  for (int i = 0; i < frames; ++i) {
    if (i % 5 != 0) continue;
    table[static_cast<size_t>(i)] = look;
    table[static_cast<size_t>(i)].look = i == 0 ? Look::kPicture : Look::kPair;
  }
  return table;
}

model::ShotComplexity Describe(const ComplexityTable& table) {
  return DescribeComplexity(table, {0, static_cast<int64_t>(table.size())},
                            kWidth);
}

struct Case {
  std::string name;
  FrameComplexity look;
};
class ContentClassTest : public ::testing::TestWithParam<Case> {};

TEST_P(ContentClassTest, IsNamedWithConfidence) {
  const model::ShotComplexity shot = Describe(Shot(GetParam().look));
  EXPECT_EQ(shot.content_class, GetParam().name);
  EXPECT_GE(shot.confidence, 0.5);
  EXPECT_LE(shot.confidence, 1.0);
}
// Levels in 1/16, shares of 10000, motion in 1/16 of 1000 samples' width.
INSTANTIATE_TEST_SUITE_P(
    Classes, ContentClassTest,
    ::testing::Values(
        Case{"screen",
             {.aligned = 8500, .saturated = 4000, .ti = 16, .still = 9000}},
        Case{"film-grain",
             {.dark = 9000, .quiet = 500, .ti = 15 * 16, .grain = 3 * 16}},
        Case{"dark", {.dark = 7500, .ti = 16, .motion = 0}},
        Case{"sport", {.ti = 25 * 16, .motion = 320}},
        Case{"animation",
             {.sharp = 200, .saturated = 3500, .second_hue = 800, .ti = 160}},
        Case{"animation", {.flat = 7500, .sharp = 900, .ti = 160}},
        Case{"low-motion", {.ti = 3 * 16, .motion = 8}},
        Case{"general", {.ti = 12 * 16, .motion = 60}}),
    [](const auto& c) {
      std::string name = c.param.name + std::to_string(c.index);
      std::erase(name, '-');
      return name;
    });

TEST(DescribeComplexityTest, KeepsUnitsAndTakesPeaksOfInformation) {
  ComplexityTable table = Shot({.si = 160,
                                .texture = 80,
                                .dark = 2500,
                                .quiet = 100,
                                .ti = 32,
                                .motion = 160,
                                .spread = 80,
                                .coherence = 5000,
                                .residual = 24,
                                .grain = 8});
  table[10].si = 1600;
  table[10].ti = 320;
  const model::ShotComplexity shot = Describe(table);
  EXPECT_DOUBLE_EQ(shot.si, 100);
  EXPECT_DOUBLE_EQ(shot.ti, 20);
  EXPECT_DOUBLE_EQ(shot.motion.mean, 0.01);
  EXPECT_DOUBLE_EQ(shot.motion.spread, 0.005);
  EXPECT_DOUBLE_EQ(shot.motion.coherence, 0.5);
  EXPECT_DOUBLE_EQ(shot.texture, 5);
  EXPECT_DOUBLE_EQ(shot.darkness, 0.25);
  EXPECT_DOUBLE_EQ(shot.residual, 1.5);
  EXPECT_DOUBLE_EQ(shot.grain, 0.5);
}

TEST(DescribeComplexityTest, TheStepIntoAShotIsNotItsMotion) {
  ComplexityTable table = Shot({.ti = 32, .motion = 16});
  table[5].ti = 3200;
  table[5].motion = 8000;
  const model::ShotComplexity shot = DescribeComplexity(table, {5, 20}, kWidth);
  EXPECT_DOUBLE_EQ(shot.ti, 2);
  EXPECT_DOUBLE_EQ(shot.motion.mean, 0.001);
}

// Black pictures, or all leaves: there is no word on grain.
TEST(DescribeComplexityTest, LooksWithoutAQuietPlaceSayNothingOfGrain) {
  ComplexityTable table = Shot({.quiet = 100, .grain = 48});
  table[5].quiet = table[5].grain = 0;
  EXPECT_DOUBLE_EQ(Describe(table).grain, 3);
}

// One frame: what the picture says by itself still holds.
TEST(DescribeComplexityTest, OneFrameHasNoMotionAndMayBeDark) {
  const ComplexityTable table = Shot({.dark = 10000, .ti = 400, .motion = 900});
  const model::ShotComplexity shot = DescribeComplexity(table, {5, 6}, kWidth);
  EXPECT_EQ(shot.content_class, "dark");
  EXPECT_EQ(shot.ti, 0);
  EXPECT_EQ(shot.motion, model::ShotMotion{});
}

TEST(DescribeComplexityTest, WithoutALookTheNearestServesUncertainly) {
  ComplexityTable table = Shot({.si = 16, .dark = 10000});
  table[10].si = 320;
  const model::ShotComplexity shot = DescribeComplexity(table, {8, 10}, kWidth);
  EXPECT_DOUBLE_EQ(shot.si, 20);
  EXPECT_EQ(shot.content_class, "general");
  EXPECT_EQ(shot.confidence, 0);
}

TEST(DescribeComplexityTest, WithoutAnyLookAllIsNothing) {
  const model::ShotComplexity shot =
      DescribeComplexity(ComplexityTable(3), {0, 3}, 1);
  EXPECT_EQ(shot, model::ShotComplexity{});
}

TEST(ShotComplexityTest, GoesThroughJson) {
  const model::ShotComplexity shot = Describe(Shot({.si = 99, .motion = 77}));
  const base::Json json = shot;
  EXPECT_EQ(json.at("motion").size(), 3u);
  EXPECT_EQ(json.get<model::ShotComplexity>(), shot);
}

}  // namespace
}  // namespace reel::shots
