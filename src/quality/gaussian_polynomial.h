// A smooth function of a few variables: a constant, plus a Gaussian times a
// polynomial. It suits what an RBF expansion of small gamma computes:
//
//   Σ_j a_j exp(-γ|x - s_j|²)
//     = exp(-γ|x - c|²) Σ_j a_j exp(-γ|s_j - c|²) exp(2γ (x - c)·(s_j - c))
//
// where, if 2γ|x - c||s_j - c| is well below 1, the last factor is all but a
// polynomial of low degree. Products of Chebyshev polynomials over the box of
// the samples are its basis; their coefficients stay near 1, so that nothing
// cancels.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace reel::quality {

struct Range {
  double low = 0.0;
  double high = 1.0;
};

struct GaussianPolynomial {
  static constexpr int kInputs = 6;
  using Point = std::array<double, kInputs>;

  int degree = 0;  // of the polynomial: the sum of all exponents, 0..kMaxDegree
  double gamma = 0.0;
  double centre = 0.0;  // of the Gaussian, in every input
  // Where the samples lie; Chebyshev polynomials stay within -1..1 there.
  std::array<Range, kInputs> sampled{};
  // Inputs beyond these are moved to the nearest end.
  std::array<Range, kInputs> limits{};
  // [BasisSize(degree)], in the order of Basis.
  std::vector<double> coefficients;

  static constexpr int kMaxDegree = 8;
  static size_t BasisSize(int degree);
  // The values at `x` of the functions whose weighted sum this is: first 1,
  // then exp(-γ|x - c|²) T_i(t_0) T_j(t_1) ... for all i + j + ... <= degree,
  // the last exponent running fastest; t is x with `sampled` mapped to -1..1.
  std::vector<double> Basis(Point x) const;
  double operator()(const Point& x) const;
};

}  // namespace reel::quality
