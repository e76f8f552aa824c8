#include "ladder/chunk_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace reel::ladder {
namespace {

std::vector<CurvePoint> Shape() {
  return {{22, 98, 4e6}, {30, 88, 1.6e6}, {38, 60, 0.7e6}};
}

TEST(ChunkCurveTest, PassesThroughItsPoints) {
  const ChunkCurve curve(Shape());
  for (const CurvePoint& point : Shape()) {
    EXPECT_NEAR(curve.Vmaf(point.crf), point.vmaf, 1e-6);
    EXPECT_NEAR(curve.Bits(point.crf) / point.bits, 1, 1e-9);
  }
}

TEST(ChunkCurveTest, FallsEverywhereAndStaysInBounds) {
  std::mt19937 rng(7);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<CurvePoint> points;
    const int n = 1 + static_cast<int>(rng() % 5);
    // Anything at all, out of order and not monotone.
    for (int i = 0; i < n; ++i)
      points.push_back({10 + 41 * unit(rng), 100 * unit(rng), 1e6 * unit(rng)});
    const ChunkCurve curve(points);
    double vmaf = 101, bits = INFINITY;
    for (double crf = kLeastCrf; crf <= kMostCrf; crf += 0.25) {
      ASSERT_LE(curve.Vmaf(crf), vmaf + 1e-9) << trial << " at " << crf;
      ASSERT_LE(curve.Bits(crf), bits * (1 + 1e-9)) << trial << " at " << crf;
      vmaf = curve.Vmaf(crf);
      bits = curve.Bits(crf);
      ASSERT_GE(vmaf, 0);
      ASSERT_LE(vmaf, 100);
      ASSERT_GT(bits, 0);
      ASSERT_TRUE(std::isfinite(bits));
    }
  }
}

TEST(ChunkCurveTest, FindsTheCrfOfAQuality) {
  const ChunkCurve curve(Shape());
  for (const double crf : {20.0, 27.5, 33.25, 41.0})
    EXPECT_NEAR(curve.CrfOf(curve.Vmaf(crf)), crf, 1e-4);
  EXPECT_NEAR(curve.CrfOf(100), kLeastCrf, 1e-6);
  EXPECT_NEAR(curve.CrfOf(0), kMostCrf, 1e-6);
}

TEST(ChunkCurveTest, BendsThroughRealEncodes) {
  ChunkCurve curve(Shape());
  const std::vector<CurvePoint> real{{28, 94, 2.2e6}, {36, 75, 0.9e6}};
  curve.Correct(real, {});
  for (const CurvePoint& point : real) {
    EXPECT_NEAR(curve.Vmaf(point.crf), point.vmaf, 1e-4);
    EXPECT_NEAR(curve.Bits(point.crf) / point.bits, 1, 1e-9);
  }
  // Between and beyond, the shape goes on.
  EXPECT_LT(curve.Vmaf(32), 94);
  EXPECT_GT(curve.Vmaf(32), 75);
  EXPECT_LT(curve.Vmaf(40), 75);
}

TEST(ChunkCurveTest, AShiftMovesQualityAlongCrf) {
  ChunkCurve curve(Shape());
  curve.CorrectBy({.crf = 2, .log_bits = std::log(1.5)}, 30, {});
  EXPECT_NEAR(curve.Vmaf(32), 88, 1e-6);
  EXPECT_NEAR(curve.Bits(30) / 1.6e6, 1.5, 1e-9);
}

TEST(ChunkCurveTest, OnePointIsEnough) {
  const ChunkCurve curve({{30, 80, 1e6}});
  EXPECT_NEAR(curve.Vmaf(30), 80, 1e-6);
  EXPECT_GT(curve.Vmaf(24), 80);
  EXPECT_NEAR(curve.Bits(24) / 1e6, 2, 0.02);  // six steps: twice the bits
}

TEST(ChunkCurveTest, PerfectAndWorthlessScoresAreNoTrouble) {
  const ChunkCurve black({{22, 100, 800}, {30, 100, 700}, {38, 100, 700}});
  EXPECT_GT(black.Vmaf(50), 99);
  ChunkCurve hopeless({{22, 0, 1e6}, {38, 0, 1e5}});
  hopeless.Correct({{30, 0, 3e5}}, {});
  EXPECT_LT(hopeless.Vmaf(30), 1);
}

}  // namespace
}  // namespace reel::ladder
