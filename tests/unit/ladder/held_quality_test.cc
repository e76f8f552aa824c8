#include "ladder/held_quality.h"

#include <gtest/gtest.h>

namespace reel::ladder {
namespace {

const model::QualityRecipe kRecipe;

model::MeasuredChunk Encoded(double vmaf, double worst_second) {
  model::MeasuredChunk encode;
  encode.vmaf = vmaf;
  encode.worst_second = worst_second;
  return encode;
}

TEST(HeldQualityTest, EvenChunksCountAsTheirMean) {
  EXPECT_EQ(HeldVmaf(Encoded(90, 88), kRecipe), 90);
  EXPECT_EQ(HeldVmaf(Encoded(90, 90), kRecipe), 90);
  EXPECT_EQ(MeanFor(90, Unevenness(Encoded(90, 90)), kRecipe), 90);
}

TEST(HeldQualityTest, UnevenChunksCountAsLess) {
  EXPECT_NEAR(HeldVmaf(Encoded(90, 80), kRecipe), 83.5, 1e-9);
}

TEST(HeldQualityTest, MeanForIsTheOtherWay) {
  for (const double worst : {89.0, 80.0, 72.0, 0.0}) {
    const double uneven = Unevenness(Encoded(90, worst));
    for (double held = 50; held < 95; held += 3) {
      const double mean = MeanFor(held, uneven, kRecipe);
      EXPECT_GE(mean, held);
      EXPECT_LE(mean, 100);
      EXPECT_NEAR(HeldVmaf(mean, uneven, kRecipe), held, 1e-6)
          << worst << " " << held;
    }
  }
}

TEST(HeldQualityTest, AHopelessSecondDoesNotRuleTheTitle) {
  const auto hopeless = Encoded(90, 0);
  EXPECT_GT(HeldVmaf(hopeless, kRecipe), 65);
  EXPECT_LT(MeanFor(90, Unevenness(hopeless), kRecipe), 97);
}

TEST(HeldQualityTest, NeverRisesWhenTheWorstSecondFalls) {
  double last = 100;
  for (double worst = 90; worst >= 0; worst -= 5) {
    const double held = HeldVmaf(Encoded(90, worst), kRecipe);
    EXPECT_LE(held, last);
    last = held;
  }
}

}  // namespace
}  // namespace reel::ladder
