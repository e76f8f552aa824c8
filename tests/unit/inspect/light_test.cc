#include "inspect/light.h"

#include <gtest/gtest.h>

namespace reel::inspect {
namespace {

// ITU-R BT.2100-2 and BT.2408: 58 % of PQ is 203 cd/m2, 75 % nearly 1000.
TEST(LightTest, PqKnowsItsLandmarks) {
  EXPECT_NEAR(PqNits(0), 0, 1e-6);
  EXPECT_NEAR(PqNits(1), 10'000, 1e-6);
  EXPECT_NEAR(PqNits(0.5806), 203, 1);
  EXPECT_NEAR(PqNits(0.7518), 1000, 2);
}

TEST(LightTest, IsRelativeTo200AndAtMostOne) {
  EXPECT_DOUBLE_EQ(RelativeLight(1, "bt709"), 1);
  EXPECT_NEAR(RelativeLight(0.5, "bt709"), 0.1895, 1e-3);
  EXPECT_DOUBLE_EQ(RelativeLight(0.7, "smpte2084"), 1);
  EXPECT_NEAR(RelativeLight(0.5081, "smpte2084"), 0.5, 0.01);
  // HLG's reference white, 75 %, is 203 cd/m2.
  EXPECT_DOUBLE_EQ(RelativeLight(0.75, "arib-std-b67"), 1);
  EXPECT_NEAR(RelativeLight(0.5, "arib-std-b67"), 50.7 / 200, 0.01);
  EXPECT_DOUBLE_EQ(RelativeLight(-0.1, "bt709"), 0);
}

}  // namespace
}  // namespace reel::inspect
