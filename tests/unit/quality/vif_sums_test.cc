#include "quality/vif_sums.h"

#include <gtest/gtest.h>

#include <cmath>

namespace reel::quality {
namespace {

TEST(VifTapsTest, OfAWindowSumToOne) {
  for (const auto taps : kVifTaps) {
    uint32_t sum = taps[0];
    for (const uint32_t tap : taps.subspan(1)) sum += 2 * tap;
    EXPECT_EQ(sum, 65536U);
  }
}

TEST(FixedLog2Test, IsTheLogarithmToHalfAUnit) {
  const FixedLog2 log2;
  for (uint64_t value = 1 << 15; value < uint64_t{1} << 50;
       value += value / 1000) {
    const double exact = std::log2(static_cast<double>(value));
    ASSERT_NEAR(log2.Of(value), FixedLog2::kOne * exact, 0.6) << value;
  }
  EXPECT_EQ(log2.Of(kVifNoise), 17 * FixedLog2::kOne);
}

TEST(FinishVifTest, AddsFlatPixelsAtOneBitEach) {
  const VifScale scale =
      FinishVif({.num_log = 10 * FixedLog2::kOne,
                 .den_log = 20 * FixedLog2::kOne,
                 .flat_pixels = 5,
                 .flat_variance = int64_t{2} * 16384 * 65025});
  EXPECT_EQ(scale.num, 13);
  EXPECT_EQ(scale.den, 25);
  EXPECT_EQ(scale.ratio, double{13.0F / 25.0F});
}

// GCC 12 keeps them in double when its SLP vectoriser is on.
TEST(FinishVifTest, RoundsToFloat) {
  const VifScale scale = FinishVif({.num_log = 123456789,
                                    .den_log = 987654321,
                                    .flat_pixels = 100001,
                                    .flat_variance = 1234567});
  EXPECT_EQ(scale.num, double{static_cast<float>(scale.num)});
  EXPECT_EQ(scale.den, double{static_cast<float>(scale.den)});
}

}  // namespace
}  // namespace reel::quality
