#include "fit_fusion/least_squares.h"

#include <cmath>

namespace reel::tools {

LeastSquares::LeastSquares(size_t columns)
    : columns_(columns), products_(columns * columns), right_(columns) {}

void LeastSquares::Add(std::span<const double> row, double right) {
  for (size_t i = 0; i < columns_; ++i) {
    right_[i] += row[i] * right;
    double* sums = &products_[i * columns_];
    for (size_t j = i; j < columns_; ++j) sums[j] += row[i] * row[j];
  }
}

// Cholesky: products = LᵀL with L upper triangular here, then two triangular
// solutions.
std::optional<std::vector<double>> LeastSquares::Solve() const {
  const size_t n = columns_;
  std::vector<double> l = products_;
  for (size_t k = 0; k < n; ++k) {
    if (!(l[k * n + k] > 1e-12 * products_[k * n + k])) return std::nullopt;
    const double pivot = std::sqrt(l[k * n + k]);
    for (size_t j = k; j < n; ++j) l[k * n + j] /= pivot;
    for (size_t i = k + 1; i < n; ++i)
      for (size_t j = i; j < n; ++j)
        l[i * n + j] -= l[k * n + i] * l[k * n + j];
  }
  std::vector<double> x = right_;
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) x[i] -= l[k * n + i] * x[k];
    x[i] /= l[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) x[i] -= l[i * n + k] * x[k];
    x[i] /= l[i * n + i];
  }
  return x;
}

}  // namespace reel::tools
