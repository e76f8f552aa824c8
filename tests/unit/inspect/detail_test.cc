#include "inspect/detail.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/test_pictures.h"
#include "unit/inspect/drawn_picture.h"

namespace reel::inspect {
namespace {

// Bars that `blur` samples make soft, with the noise of a codec.
media::Picture Edges(double blur) {
  return DrawnPicture(640, 360, [blur](int x, int y) {
    const auto wave = [blur](int at) {
      return std::tanh(12 * std::sin(at / 11.8) / (0.3 + blur));
    };
    const int noise = static_cast<int>(testing::NoiseAt(1, x, y) % 3) - 1;
    return static_cast<int>(128 + 45 * wave(x) + 45 * wave(y)) + noise;
  });
}

TEST(DetailTest, SharpEdgesFillTheBand) {
  const Detail detail = MeasureDetail(Edges(0), {});
  EXPECT_GT(detail.across[15], 2 * 20);
  EXPECT_EQ(DetailLimit(detail.across), 1);
  EXPECT_EQ(DetailLimit(detail.down), 1);
}

TEST(DetailTest, SoftEdgesEndInAFloor) {
  const Detail detail = MeasureDetail(Edges(1.5), {});
  EXPECT_LT(DetailLimit(detail.across), 0.6);
  EXPECT_LT(DetailLimit(detail.down), 0.6);
}

TEST(DetailTest, BarsAreNoEdges) {
  const auto picture = DrawnPicture(
      640, 360, [](int, int y) { return y < 100 || y >= 260 ? 16 : 120; });
  EXPECT_LT(MeasureDetail(picture, {100, 100, 0, 0}).down[8], 2);
  EXPECT_GT(MeasureDetail(picture, {}).down[8], 2 * 20);
}

TEST(DetailTest, SmallPicturesHaveNone) {
  const auto picture = DrawnPicture(48, 300, [](int x, int) { return x; });
  EXPECT_EQ(MeasureDetail(picture, {}).across, Spectrum{});
  EXPECT_EQ(MeasureDetail(picture, {300, 0, 48, 0}), Detail{});
  EXPECT_EQ(DetailLimit({}), 1);
}

// Levels in half decibels, as measured of real films.
TEST(DetailTest, TellsFilmFromWhatWasEnlarged) {
  const auto doubled = [](std::array<int, 16> levels) {
    Spectrum spectrum;
    for (size_t b = 0; b < 16; ++b)
      spectrum[b] = static_cast<uint8_t>(2 * levels[b]);
    return spectrum;
  };
  EXPECT_EQ(DetailLimit(doubled({54, 50, 47, 44, 42, 40, 37, 34, 33, 31, 29, 25,
                                 22, 21, 19, 18})),
            1);
  EXPECT_EQ(DetailLimit(doubled({58, 54, 49, 46, 42, 39, 36, 34, 31, 28, 26, 24,
                                 22, 21, 21, 19})),
            1);
  EXPECT_NEAR(DetailLimit(doubled({60, 53, 50, 48, 45, 42, 38, 31, 28, 27, 25,
                                   22, 22, 22, 23, 22})),
              0.53, 0.01);
}

}  // namespace
}  // namespace reel::inspect
