#include "quality/gaussian_polynomial.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace reel::quality {
namespace {

constexpr int kInputs = GaussianPolynomial::kInputs;
// T_0 .. T_degree of one input.
using Chebyshev = std::array<double, GaussianPolynomial::kMaxDegree + 1>;

Chebyshev ChebyshevAt(double t, int degree) {
  Chebyshev values{1.0, t};
  for (size_t k = 2; k <= static_cast<size_t>(degree); ++k)
    values[k] = 2.0 * t * values[k - 1] - values[k - 2];
  return values;
}

// Appends `product` times every product of the inputs from `input` on whose
// exponents sum to at most `degree`.
void AppendProducts(const std::array<Chebyshev, kInputs>& inputs, size_t input,
                    int degree, double product, std::vector<double>& to) {
  if (input == inputs.size()) {
    to.push_back(product);
    return;
  }
  for (int k = 0; k <= degree; ++k)
    AppendProducts(inputs, input + 1, degree - k,
                   product * inputs[input][static_cast<size_t>(k)], to);
}

}  // namespace

size_t GaussianPolynomial::BasisSize(int degree) {
  // (degree + kInputs) choose kInputs, and the constant.
  size_t products = 1;
  for (int i = 1; i <= kInputs; ++i)
    products =
        products * static_cast<size_t>(degree + i) / static_cast<size_t>(i);
  return products + 1;
}

std::vector<double> GaussianPolynomial::Basis(Point x) const {
  std::array<Chebyshev, kInputs> inputs;
  double square = 0.0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    x[i] = std::clamp(x[i], limits[i].low, limits[i].high);
    square += (x[i] - centre) * (x[i] - centre);
    const double width = sampled[i].high - sampled[i].low;
    inputs[i] =
        ChebyshevAt(2.0 * (x[i] - sampled[i].low) / width - 1.0, degree);
  }
  std::vector<double> values;
  values.reserve(BasisSize(degree));
  values.push_back(1.0);
  AppendProducts(inputs, 0, degree, std::exp(-gamma * square), values);
  return values;
}

double GaussianPolynomial::operator()(const Point& x) const {
  const std::vector<double> values = Basis(x);
  return std::inner_product(values.begin(), values.end(), coefficients.begin(),
                            0.0);
}

}  // namespace reel::quality
