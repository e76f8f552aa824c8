#include "quality/psnr.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/quality/test_plane.h"

namespace reel::quality {
namespace {

TEST(PsnrTest, IsOfTheMeanSquaredError) {
  const TestPlane<uint8_t> a(33, 32, [](int, int) { return 100; });
  const TestPlane<uint8_t> b(33, 32,
                             [](int x, int) { return x == 4 ? 90 : 100; });
  const double mse = 100.0 / 33.0;
  const auto psnr = Psnr(a.plane(), b.plane(), 8);
  ASSERT_TRUE(psnr.has_value()) << psnr.error().message;
  EXPECT_NEAR(*psnr, 10.0 * std::log10(255.0 * 255.0 / mse), 1e-9);
}

TEST(PsnrTest, IdenticalHasTheCapOfItsDepth) {
  const TestPlane<uint8_t> a(32, 32, [](int x, int y) { return x + y; });
  const TestPlane<uint16_t> b(32, 32, [](int x, int y) { return x + y; });
  EXPECT_EQ(*Psnr(a.plane(), a.plane(), 8), 60.0);
  EXPECT_EQ(*Psnr(b.plane(), b.plane(), 10), 72.0);
  EXPECT_EQ(*Psnr(b.plane(), b.plane(), 16), 108.0);
}

TEST(PsnrTest, LargestErrorIsZeroAtEveryDepth) {
  const TestPlane<uint8_t> low(4100, 32, [](int, int) { return 0; });
  const TestPlane<uint8_t> high(4100, 32, [](int, int) { return 255; });
  EXPECT_NEAR(*Psnr(low.plane(), high.plane(), 8), 0.0, 1e-12);
  const TestPlane<uint16_t> low16(4100, 32, [](int, int) { return 0; });
  const TestPlane<uint16_t> high16(4100, 32, [](int, int) { return 65535; });
  EXPECT_NEAR(*Psnr(low16.plane(), high16.plane(), 16), 0.0, 1e-12);
}

TEST(PsnrTest, RefusesPlanesOfDifferentForm) {
  const TestPlane<uint8_t> a(32, 32, [](int, int) { return 0; });
  const TestPlane<uint8_t> b(32, 33, [](int, int) { return 0; });
  const TestPlane<uint16_t> c(32, 32, [](int, int) { return 0; });
  EXPECT_EQ(Psnr(a.plane(), b.plane(), 8).error().code,
            base::Code::kInvalidArgument);
  EXPECT_FALSE(Psnr(a.plane(), c.plane(), 8).has_value());
  EXPECT_FALSE(Psnr(a.plane(), a.plane(), 10).has_value());
  EXPECT_FALSE(Psnr(c.plane(), c.plane(), 8).has_value());
}

}  // namespace
}  // namespace reel::quality
