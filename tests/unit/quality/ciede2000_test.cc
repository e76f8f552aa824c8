#include "quality/ciede2000.h"

#include <gtest/gtest.h>

namespace reel::quality {
namespace {

// Of the test data of Sharma, Wu and Dalal (2005), table 1: near the blue
// bend, over the hue's wrap, with a grey, far apart, small and dark.
TEST(Ciede2000Test, EqualsThePublishedDifferences) {
  struct Pair {
    Lab first, second;
    float want;
  };
  for (const auto& [first, second, want] :
       {Pair{{50.0F, 2.6772F, -79.7751F}, {50.0F, 0.0F, -82.7485F}, 2.0425F},
        Pair{{50.0F, 3.1571F, -77.2803F}, {50.0F, 0.0F, -82.7485F}, 2.8615F},
        Pair{{50.0F, 0.0F, 0.0F}, {50.0F, -1.0F, 2.0F}, 2.3669F},
        Pair{{50.0F, 2.49F, -0.001F}, {50.0F, -2.49F, 0.0009F}, 7.1792F},
        Pair{{50.0F, 2.5F, 0.0F}, {73.0F, 25.0F, -18.0F}, 27.1492F},
        Pair{{50.0F, 2.5F, 0.0F}, {61.0F, -5.0F, 29.0F}, 22.8977F},
        Pair{{60.2574F, -34.0099F, 36.2677F},
             {60.4626F, -34.1751F, 39.4387F},
             1.2644F},
        Pair{{2.0776F, 0.0795F, -1.1350F},
             {0.9033F, -0.0636F, -0.5514F},
             0.9082F}}) {
    EXPECT_NEAR(Ciede2000(first, second, {}), want, 2e-4F);
    EXPECT_NEAR(Ciede2000(second, first, {}), want, 2e-4F);
  }
}

TEST(Ciede2000Test, FactorsDivideTheirTerm) {
  EXPECT_NEAR(Ciede2000({40, 0, 0}, {60, 0, 0}, {2.0F, 1.0F, 1.0F}),
              Ciede2000({40, 0, 0}, {60, 0, 0}, {}) / 2.0F, 1e-4F);
}

}  // namespace
}  // namespace reel::quality
