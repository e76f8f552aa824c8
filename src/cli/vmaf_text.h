// What `reel vmaf` tells of its scores, to people and to programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "quality/quality.h"

namespace reel::cli {

// One distorted file.
struct ScoredFile {
  std::string name;
  int64_t offset = 0;  // the reference's frame that its first one shows
  quality::ScoreTable scores;
};

// A table: a line per file and metric, mean, harmonic mean, low percentiles
// and minimum. Errors: kInvalidArgument for a metric that cannot be pooled.
base::Result<std::string> FormatScores(const std::vector<ScoredFile>& files,
                                       const std::vector<std::string>& metrics);

// [{"file", "offset", "frames", "scores": {"vmaf": {"mean", "harmonic_mean",
// "min", "max", "p1", "p5", "p10"}, …}}, …]. Errors as above.
base::Result<base::Json> ScoresForPrograms(
    const std::vector<ScoredFile>& files,
    const std::vector<std::string>& metrics);

}  // namespace reel::cli
