#include "inspect/tonality.h"

#include <gtest/gtest.h>

#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

TEST(ToneHzTest, OfTones) {
  for (const double hz : {440.0, 1000.0, 5000.0, 15'000.0}) {
    const auto got = ToneHz(Sine(0.005, hz, 0.3), kRate);
    ASSERT_TRUE(got.has_value()) << hz;
    EXPECT_NEAR(*got, hz, 0.01 * hz);
  }
}

TEST(IsToneTest, AlsoASlowOne) {
  EXPECT_TRUE(IsTone(Sine(0.005, 45, 0.9), kRate));
  EXPECT_TRUE(IsTone(Sine(0.005, 1000, 0.9), kRate));
  EXPECT_FALSE(IsTone(Noise(0.005, 0.3), kRate));
}

TEST(ToneHzTest, OfWhatIsNone) {
  EXPECT_FALSE(ToneHz(Noise(0.005, 0.3), kRate).has_value());
  EXPECT_FALSE(ToneHz(Sine(0.005, 60, 0.3), kRate).has_value());
  EXPECT_FALSE(ToneHz(std::vector<float>(240), kRate).has_value());
  EXPECT_FALSE(ToneHz({}, kRate).has_value());
}

}  // namespace
}  // namespace reel::inspect
