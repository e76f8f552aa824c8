#include "quality/score_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "base/json.h"

namespace reel::quality {
namespace {

// What libvmaf adds to the names of features whose gain is limited.
std::string Suffix(const GainLimits& limits) {
  return limits == GainLimits{} ? "" : fmt::format("_egl_{:g}", limits.adm);
}

void AddFeatures(const std::vector<PairFeatures>& pairs,
                 const GainLimits& limits, ScoreTable& table) {
  const std::string suffix = Suffix(limits);
  const auto add = [&](const std::string& name, auto value_of) {
    ScoreColumn column{.name = name + suffix, .values = {}};
    std::transform(pairs.begin(), pairs.end(),
                   std::back_inserter(column.values), value_of);
    table.columns.push_back(std::move(column));
  };
  add("integer_adm2", [](const PairFeatures& p) { return p.adm2; });
  for (size_t s = 0; s < 4; ++s)
    add(fmt::format("integer_adm_scale{}", s),
        [s](const PairFeatures& p) { return p.adm[s]; });
  for (size_t s = 0; s < 4; ++s)
    add(fmt::format("integer_vif_scale{}", s),
        [s](const PairFeatures& p) { return p.vif[s]; });
}

ScoreColumn Scores(const SequenceFeatures& features,
                   const std::vector<PairFeatures>& pairs,
                   const NamedModel& model) {
  ScoreColumn column{.name = model.metric, .values = {}};
  for (size_t i = 0; i < pairs.size(); ++i)
    column.values.push_back(model.model.Score({.adm2 = pairs[i].adm2,
                                               .motion2 = features.motion2[i],
                                               .vif = pairs[i].vif}));
  return column;
}

size_t IndexOf(const std::vector<GainLimits>& all, const GainLimits& limits) {
  return static_cast<size_t>(
      std::distance(all.begin(), std::find(all.begin(), all.end(), limits)));
}

std::string Number(double value) {
  return std::isfinite(value) ? fmt::format("{:.6f}", value) : "null";
}

}  // namespace

base::Result<Pooled> PoolColumn(const ScoreColumn& column) {
  const bool finite =
      std::all_of(column.values.begin(), column.values.end(),
                  [](double value) { return std::isfinite(value); });
  if (finite) return Pool(column.values);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  return Pooled{kNone, kNone, kNone, kNone, kNone, kNone, kNone};
}

const ScoreColumn* ScoreTable::Find(std::string_view name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(),
                   [&](const ScoreColumn& c) { return c.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

std::vector<GainLimits> LimitsOf(const std::vector<NamedModel>& models) {
  std::vector<GainLimits> all;
  for (const NamedModel& model : models) {
    const GainLimits& limits = model.model.gain_limits();
    if (IndexOf(all, limits) == all.size()) all.push_back(limits);
  }
  return all;
}

ScoreTable MakeScoreTable(const SequenceFeatures& features, size_t distorted,
                          const std::vector<NamedModel>& models) {
  const std::vector<GainLimits> limits = LimitsOf(models);
  const auto& pairs = features.pairs[distorted];
  ScoreTable table{.frames = features.frames, .columns = {}};
  for (size_t i = 0; i < limits.size(); ++i)
    AddFeatures(pairs[i], limits[i], table);
  table.columns.push_back({"integer_motion", features.motion});
  table.columns.push_back({"integer_motion2", features.motion2});
  const auto& others = features.metrics[distorted];
  table.columns.insert(table.columns.end(), others.begin(), others.end());
  for (const NamedModel& model : models)
    table.columns.push_back(Scores(
        features, pairs[IndexOf(limits, model.model.gain_limits())], model));
  return table;
}

base::Result<std::string> ScoresAsJson(const ScoreTable& table,
                                       const std::string& version,
                                       double frames_per_second) {
  std::vector<std::string> names;  // quoted
  for (const ScoreColumn& column : table.columns)
    names.push_back(base::DumpJson(column.name));
  std::string json =
      fmt::format("{{\n  \"version\": {},\n  \"fps\": {:.2f},\n  \"frames\": [",
                  base::DumpJson(version), frames_per_second);
  for (size_t i = 0; i < table.frames.size(); ++i) {
    json += fmt::format(
        "{}\n    {{\n      \"frameNum\": {},\n      \"metrics\": {{",
        i == 0 ? "" : ",", table.frames[i]);
    for (size_t c = 0; c < table.columns.size(); ++c)
      json += fmt::format("{}\n        {}: {}", c == 0 ? "" : ",", names[c],
                          Number(table.columns[c].values[i]));
    json += "\n      }\n    }";
  }
  json += "\n  ],\n  \"pooled_metrics\": {";
  for (size_t c = 0; c < table.columns.size(); ++c) {
    REEL_ASSIGN(const Pooled pooled, PoolColumn(table.columns[c]));
    json += fmt::format(
        "{}\n    {}: {{\n      \"min\": {},\n      \"max\": {},\n      "
        "\"mean\": {},\n      \"harmonic_mean\": {}\n    }}",
        c == 0 ? "" : ",", names[c], Number(pooled.min), Number(pooled.max),
        Number(pooled.mean), Number(pooled.harmonic_mean));
  }
  json += "\n  },\n  \"aggregate_metrics\": {\n  }\n}\n";
  return json;
}

std::string ScoresAsCsv(const ScoreTable& table) {
  std::string csv = "Frame";
  for (const ScoreColumn& column : table.columns) csv += "," + column.name;
  csv += "\n";
  for (size_t i = 0; i < table.frames.size(); ++i) {
    csv += fmt::format("{}", table.frames[i]);
    for (const ScoreColumn& column : table.columns)
      csv += fmt::format(",{:.6f}", column.values[i]);
    csv += "\n";
  }
  return csv;
}

}  // namespace reel::quality
