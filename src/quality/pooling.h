// From the scores of frames to one of all of them.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"

namespace reel::quality {

struct Pooled {
  double mean = 0.0;
  // n / Σ 1/(score + 1) - 1: low scores weigh more; the 1 lets a score be 0.
  double harmonic_mean = 0.0;
  double min = 0.0;
  double max = 0.0;
  // The score that 1, 5 and 10 % of frames are at or below: nearest rank, i.e.
  // the k-th smallest of n, k = n * percent / 100 rounded up. Always the score
  // of some frame.
  double percentile_1 = 0.0;
  double percentile_5 = 0.0;
  double percentile_10 = 0.0;
};

//   scores  [n >= 1]
double Mean(std::span<const double> scores);

// The least mean of `length` scores in a row, or of all if they are fewer.
//   scores  [n >= 1], as the frames follow each other
//   length  at least 1 is taken
double WorstMean(std::span<const double> scores, size_t length);

//   scores  [n >= 1], in any order, all above -1
// Errors: kInvalidArgument if there are none, or one is -1 or less or no
// number.
base::Result<Pooled> Pool(std::span<const double> scores);

}  // namespace reel::quality
