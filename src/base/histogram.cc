#include "base/histogram.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/result.h"

namespace reel::base {

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
  REEL_CHECK(std::ranges::is_sorted(bounds_));
}

void Histogram::Observe(double value) {
  if (std::isnan(value)) return;
  const auto bucket = std::ranges::lower_bound(bounds_, value);
  ++counts_[static_cast<size_t>(bucket - bounds_.begin())];
  sum_ += value;
}

}  // namespace reel::base
