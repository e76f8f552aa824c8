#include "quality/ssim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "unit/quality/test_plane.h"

namespace reel::quality {
namespace {

using ::testing::HasSubstr;

int Texture(int x, int y) { return 60 + (x * 31 + y * 17 + x * y) % 120; }

TEST(SsimTest, IdenticalIsOne) {
  for (const int side : {32, 176, 400}) {
    const TestPlane<uint8_t> a(side + 5, side, Texture);
    EXPECT_NEAR(*Ssim(a.plane(), a.plane(), 8), 1.0, 1e-6) << side;
  }
  const TestPlane<uint8_t> a(181, 176, Texture);
  EXPECT_NEAR(*MsSsim(a.plane(), a.plane(), 8), 1.0, 1e-6);
}

// Flat pictures differ in luminance alone.
TEST(SsimTest, FlatPicturesHaveTheLuminanceTerm) {
  const TestPlane<uint8_t> a(300, 200, [](int, int) { return 100; });
  const TestPlane<uint8_t> b(300, 200, [](int, int) { return 50; });
  const double c1 = 2.55 * 2.55;
  EXPECT_NEAR(*Ssim(a.plane(), b.plane(), 8),
              (2.0 * 5000.0 + c1) / (10000.0 + 2500.0 + c1), 1e-5);
}

TEST(SsimTest, DepthDoesNotMatter) {
  const auto noisy = [](int x, int y) { return Texture(x, y) + (x * y) % 9; };
  const TestPlane<uint8_t> a(200, 180, Texture), b(200, 180, noisy);
  const auto times16 = [](const auto& f) {
    return [f](int x, int y) { return 16 * f(x, y); };
  };
  const TestPlane<uint16_t> a12(200, 180, times16(Texture));
  const TestPlane<uint16_t> b12(200, 180, times16(noisy));
  EXPECT_EQ(*Ssim(a.plane(), b.plane(), 8),
            *Ssim(a12.plane(), b12.plane(), 12));
  EXPECT_EQ(*MsSsim(a.plane(), b.plane(), 8),
            *MsSsim(a12.plane(), b12.plane(), 12));
}

TEST(SsimTest, MoreNoiseIsWorse) {
  double last_ssim = 1.0, last_ms_ssim = 1.0;
  const TestPlane<uint8_t> a(640, 400, Texture);
  for (const int noise : {4, 16, 64}) {
    const TestPlane<uint8_t> b(640, 400, [noise](int x, int y) {
      return Texture(x, y) + (x * 7919 + y * 104729) % noise;
    });
    const double ssim = *Ssim(a.plane(), b.plane(), 8);
    const double ms_ssim = *MsSsim(a.plane(), b.plane(), 8);
    EXPECT_LT(ssim, last_ssim);
    EXPECT_LT(ms_ssim, last_ms_ssim);
    last_ssim = ssim;
    last_ms_ssim = ms_ssim;
  }
}

TEST(SsimTest, SaysWhenPicturesAreTooSmall) {
  const TestPlane<uint8_t> a(10, 32, Texture), b(320, 175, Texture);
  EXPECT_THAT(Ssim(a.plane(), a.plane(), 8).error().message,
              HasSubstr("at least 11"));
  EXPECT_TRUE(Ssim(b.plane(), b.plane(), 8).has_value());
  EXPECT_THAT(MsSsim(b.plane(), b.plane(), 8).error().message,
              HasSubstr("at least 176"));
}

}  // namespace
}  // namespace reel::quality
