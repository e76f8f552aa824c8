#include "base/rational.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace reel::base {
namespace {

TEST(RationalTest, RescalesExactlyBetweenFilmRates) {
  // 23.976 frames a second on a 24 kHz clock: 1001 ticks a frame, for ever.
  const Rational frame{1001, 24000}, tick{1, 24000};
  EXPECT_EQ(Rescale(172'800, frame, tick), 172'800 * int64_t{1001});
  EXPECT_TRUE(RescalesExactly(1, frame, tick));
  EXPECT_FALSE(RescalesExactly(1, frame, {1, 1000}));
}

TEST(RationalTest, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(Rescale(1, {1, 2}, {1, 1}), 1);
  EXPECT_EQ(Rescale(-1, {1, 2}, {1, 1}), -1);
  EXPECT_EQ(RescaleFloor(-1, {1, 2}, {1, 1}), -1);
  EXPECT_EQ(RescaleFloor(1, {1, 2}, {1, 1}), 0);
}

TEST(RationalTest, ComparesValuesNotParts) {
  EXPECT_TRUE((Rational{24, 1} == Rational{48, 2}));
  EXPECT_TRUE((Rational{24000, 1001} < Rational{24, 1}));
}

TEST(RationalTest, ThereAndBackIsTheIdentityOnAFinerClock) {
  std::mt19937_64 rng(20240229);
  for (int i = 0; i < 1000; ++i) {
    const int64_t value =
        static_cast<int64_t>(rng() % 2'000'000'000) - 1'000'000'000;
    const Rational coarse{static_cast<int64_t>(rng() % 2000) + 1, 90'000};
    const Rational fine{1, 90'000 * 7};
    EXPECT_EQ(Rescale(Rescale(value, coarse, fine), fine, coarse), value);
  }
}

}  // namespace
}  // namespace reel::base
