// The scores of one distorted video: a row a frame, a column a metric, named as
// libvmaf names them. And what is made of it: files for other programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "quality/fusion.h"
#include "quality/pooling.h"
#include "quality/score_column.h"
#include "quality/sequence_scorer.h"

namespace reel::quality {

struct ScoreTable {
  std::vector<int64_t> frames;  // numbers in the reference
  std::vector<ScoreColumn> columns;
  // Null if there is no such column.
  const ScoreColumn* Find(std::string_view name) const;
};

struct NamedModel {
  std::string metric;  // "vmaf"
  FusionModel model;
};

// The gain limits that the models need, each once.
std::vector<GainLimits> LimitsOf(const std::vector<NamedModel>& models);

// Features and scores of distorted stream `distorted`, which was scored with
// LimitsOf(models). Columns of features whose gain is limited end in "_egl_1".
ScoreTable MakeScoreTable(const SequenceFeatures& features, size_t distorted,
                          const std::vector<NamedModel>& models);

// As Pool; no number at all if a value is not finite. Errors: as Pool.
base::Result<Pooled> PoolColumn(const ScoreColumn& column);

// libvmaf's JSON log: frames, pooled_metrics, aggregate_metrics. What is not
// finite (CIEDE2000 of identical pictures) is null, as there.
//   version            of the program that made it, "reel 1.0.0"
//   frames_per_second  of the scoring, as libvmaf has it there
// Errors: kInvalidArgument for a table without frames.
base::Result<std::string> ScoresAsJson(const ScoreTable& table,
                                       const std::string& version,
                                       double frames_per_second);
// libvmaf's CSV log: a header, then a line a frame.
std::string ScoresAsCsv(const ScoreTable& table);

}  // namespace reel::quality
