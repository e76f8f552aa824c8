#include "quality/pooling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace reel::quality {

using base::Code;
using base::Fail;

double Mean(std::span<const double> scores) {
  return std::accumulate(scores.begin(), scores.end(), 0.0) /
         static_cast<double>(scores.size());
}

double WorstMean(std::span<const double> scores, size_t length) {
  length = std::clamp<size_t>(length, 1, scores.size());
  double worst = Mean(scores.first(length));
  for (size_t i = 1; i + length <= scores.size(); ++i)
    worst = std::min(worst, Mean(scores.subspan(i, length)));
  return worst;
}

base::Result<Pooled> Pool(std::span<const double> scores) {
  if (scores.empty())
    return Fail(Code::kInvalidArgument, "there are no scores to pool");
  double sum = 0.0;
  double inverse_sum = 0.0;
  for (const double score : scores) {
    if (!(score > -1.0) || !std::isfinite(score))
      return Fail(Code::kInvalidArgument,
                  fmt::format("a score of {} cannot be pooled; limit scores "
                              "to 0 or more first",
                              score));
    sum += score;
    inverse_sum += 1.0 / (score + 1.0);
  }
  std::vector<double> sorted(scores.begin(), scores.end());
  std::sort(sorted.begin(), sorted.end());
  const auto percentile = [&sorted](size_t percent) {
    return sorted[(sorted.size() * percent + 99) / 100 - 1];
  };
  const auto count = static_cast<double>(scores.size());
  return Pooled{sum / count,    count / inverse_sum - 1.0,
                sorted.front(), sorted.back(),
                percentile(1),  percentile(5),
                percentile(10)};
}

}  // namespace reel::quality
