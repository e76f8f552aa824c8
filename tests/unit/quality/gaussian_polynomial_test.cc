#include "quality/gaussian_polynomial.h"

#include <gtest/gtest.h>

#include <cmath>

namespace reel::quality {
namespace {

// t equals x: the samples' box is -1..1.
GaussianPolynomial Small(int degree) {
  GaussianPolynomial f;
  f.degree = degree;
  f.gamma = 0.5;
  f.centre = 0.25;
  f.sampled.fill({-1.0, 1.0});
  f.limits.fill({-2.0, 2.0});
  f.coefficients.assign(GaussianPolynomial::BasisSize(degree), 0.0);
  return f;
}

double Gaussian(const GaussianPolynomial::Point& x) {
  double square = 0.0;
  for (const double v : x) square += (v - 0.25) * (v - 0.25);
  return std::exp(-0.5 * square);
}

constexpr GaussianPolynomial::Point kPoint{0.1, -0.2, 0.3, 0.4, -0.5, 0.6};

TEST(GaussianPolynomialTest, SizeIsABinomial) {
  EXPECT_EQ(GaussianPolynomial::BasisSize(0), 2u);
  EXPECT_EQ(GaussianPolynomial::BasisSize(1), 8u);
  EXPECT_EQ(GaussianPolynomial::BasisSize(5), 463u);
  for (int degree = 0; degree <= GaussianPolynomial::kMaxDegree; ++degree)
    EXPECT_EQ(Small(degree).Basis(kPoint).size(),
              GaussianPolynomial::BasisSize(degree));
}

TEST(GaussianPolynomialTest, OrderIsLastInputFastest) {
  GaussianPolynomial f = Small(2);
  const double g = Gaussian(kPoint);
  const auto basis = f.Basis(kPoint);
  EXPECT_NEAR(basis[0], 1.0, 1e-15);
  EXPECT_NEAR(basis[1], g, 1e-15);
  EXPECT_NEAR(basis[2], g * 0.6, 1e-15);
  EXPECT_NEAR(basis[3], g * (2 * 0.6 * 0.6 - 1), 1e-15);
  EXPECT_NEAR(basis[4], g * -0.5, 1e-15);
  EXPECT_NEAR(basis[5], g * -0.5 * 0.6, 1e-15);
  EXPECT_NEAR(basis.back(), g * (2 * 0.1 * 0.1 - 1), 1e-15);
}

TEST(GaussianPolynomialTest, IsTheWeightedSum) {
  GaussianPolynomial f = Small(1);
  f.coefficients = {3.0, 5.0, 0, 0, 0, 0, 0, 7.0};
  EXPECT_DOUBLE_EQ(f(kPoint), 3.0 + Gaussian(kPoint) * (5.0 + 7.0 * 0.1));
}

TEST(GaussianPolynomialTest, BeyondTheLimitsIsTheirEdge) {
  GaussianPolynomial f = Small(1);
  f.coefficients = {3.0, 5.0, 0, 0, 0, 0, 0, 7.0};
  GaussianPolynomial::Point far = kPoint, edge = kPoint;
  far[0] = 50.0;
  edge[0] = 2.0;
  EXPECT_EQ(f(far), f(edge));
}

}  // namespace
}  // namespace reel::quality
