#include "cli/vmaf_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace reel::cli {
namespace {

base::Result<quality::Pooled> PoolMetric(const ScoredFile& file,
                                         const std::string& metric) {
  const quality::ScoreColumn* column = file.scores.Find(metric);
  if (column == nullptr)
    return base::Fail(base::Code::kInvalidArgument,
                      file.name + ": no metric " + metric);
  auto pooled = quality::PoolColumn(*column);
  if (!pooled) return base::Prefix(pooled.error(), file.name + ": " + metric);
  return pooled;
}

}  // namespace

base::Result<std::string> FormatScores(
    const std::vector<ScoredFile>& files,
    const std::vector<std::string>& metrics) {
  size_t file_columns = 0, metric_columns = 0;
  for (const ScoredFile& file : files)
    file_columns = std::max(file_columns, file.name.size());
  for (const std::string& metric : metrics)
    metric_columns = std::max(metric_columns, metric.size());
  std::string text =
      fmt::format("{:<{}}  {:<{}}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}\n",
                  "", file_columns, "", metric_columns, "mean", "harmonic",
                  "p10", "p5", "p1", "min");
  for (const ScoredFile& file : files) {
    for (const std::string& metric : metrics) {
      REEL_ASSIGN(const quality::Pooled p, PoolMetric(file, metric));
      text += fmt::format(
          "{:<{}}  {:<{}}  {:8.3f}  {:8.3f}  {:8.3f}  {:8.3f}  {:8.3f}  "
          "{:8.3f}\n",
          file.name, file_columns, metric, metric_columns, p.mean,
          p.harmonic_mean, p.percentile_10, p.percentile_5, p.percentile_1,
          p.min);
    }
  }
  return text;
}

base::Result<base::Json> ScoresForPrograms(
    const std::vector<ScoredFile>& files,
    const std::vector<std::string>& metrics) {
  base::Json all = base::Json::array();
  for (const ScoredFile& file : files) {
    base::Json scores = base::Json::object();
    for (const std::string& metric : metrics) {
      REEL_ASSIGN(const quality::Pooled p, PoolMetric(file, metric));
      scores[metric] = {
          {"mean", p.mean},        {"harmonic_mean", p.harmonic_mean},
          {"min", p.min},          {"max", p.max},
          {"p1", p.percentile_1},  {"p5", p.percentile_5},
          {"p10", p.percentile_10}};
    }
    all.push_back({{"file", file.name},
                   {"offset", file.offset},
                   {"frames", file.scores.frames.size()},
                   {"scores", std::move(scores)}});
  }
  return all;
}

}  // namespace reel::cli
