#include "inspect/black_bars.h"

#include <gtest/gtest.h>

#include "unit/inspect/drawn_picture.h"

namespace reel::inspect {
namespace {

// A lit picture of 160x90 with noise, within black edges of noise.
media::Picture Boxed(Bars bars) {
  return DrawnPicture(160, 90, [bars](int x, int y) {
    const int noise = (7 * x + 13 * y) % 5;
    const bool black = x < bars.left || x >= 160 - bars.right || y < bars.top ||
                       y >= 90 - bars.bottom;
    return black ? 15 + noise : 90 + 20 * noise;
  });
}

TEST(BlackBarsTest, FindsTheEdges) {
  for (const Bars bars : {Bars{0, 0, 0, 0}, Bars{12, 12, 0, 0},
                          Bars{0, 0, 20, 21}, Bars{5, 7, 3, 1}}) {
    EXPECT_EQ(FindBars(Boxed(bars)), bars);
  }
}

TEST(BlackBarsTest, ABlackPictureIsAllTopAndLeft) {
  const Bars all = FindBars(Boxed({45, 45, 0, 0}));
  EXPECT_EQ(all, (Bars{90, 0, 160, 0}));
}

TEST(BlackBarsTest, ALineWithLightOnItIsNotBlack) {
  const auto picture = DrawnPicture(160, 90, [](int x, int y) {
    return y == 4 && x < 40 ? 100 : y < 10 ? 16 : 120;
  });
  EXPECT_EQ(FindBars(picture).top, 4);
}

}  // namespace
}  // namespace reel::inspect
