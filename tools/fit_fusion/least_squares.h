// Linear least squares over many rows and few columns, by normal equations.
// Good for well-conditioned columns only; sums are taken in the order of rows,
// so that equal rows give equal bits.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace reel::tools {

class LeastSquares {
 public:
  explicit LeastSquares(size_t columns);
  // One equation: row · x = right. `row` is [columns].
  void Add(std::span<const double> row, double right);
  // The x of the least sum of squares; nullopt if columns depend on each other.
  std::optional<std::vector<double>> Solve() const;

 private:
  size_t columns_;
  std::vector<double> products_;  // [columns x columns], upper triangle
  std::vector<double> right_;     // [columns]
};

}  // namespace reel::tools
