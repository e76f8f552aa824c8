// The regression inside libvmaf's model files: a nu-SVR with an RBF kernel, in
// the text format of LIBSVM (Chang and Lin, 2011).
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace reel::quality {

class SupportVectors {
 public:
  static constexpr int kInputs = 6;
  using Point = std::array<double, kInputs>;

  // Reads the text of a LIBSVM model: header lines, "SV", then a line of
  // "weight index:value ..." per vector with indices 1..6; what a line does not
  // name is 0. Errors: kUnsupported for another type or kernel, kCorruptInput;
  // both name the line.
  static base::Result<SupportVectors> Parse(std::string_view text);

  // Σ weight exp(-gamma |x - vector|²) - rho.
  double operator()(const Point& x) const;

 private:
  struct Vector {
    double weight = 0.0;
    Point at{};
  };
  double gamma_ = 0.0;
  double rho_ = 0.0;
  std::vector<Vector> vectors_;
};

}  // namespace reel::quality
