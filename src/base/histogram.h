// Counts of values by size, as monitoring wants them.
#pragma once

#include <cstdint>
#include <vector>

namespace reel::base {

// A value belongs to the first bucket whose bound is not below it; one that is
// above all bounds to the last bucket, which has none. Not a number: left out.
// One thread.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);  // ascending

  void Observe(double value);

  const std::vector<double>& bounds() const { return bounds_; }
  // Of each bucket alone: one more than bounds.
  const std::vector<int64_t>& counts() const { return counts_; }
  double sum() const { return sum_; }

 private:
  std::vector<double> bounds_;
  std::vector<int64_t> counts_;
  double sum_ = 0;
};

}  // namespace reel::base
