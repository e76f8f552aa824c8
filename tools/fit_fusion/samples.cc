#include "fit_fusion/samples.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

namespace reel::tools {
namespace {

using base::Code;
using base::Fail;
using base::Result;

struct CloseGzip {
  void operator()(gzFile file) const noexcept { gzclose(file); }
};
using Gzip = std::unique_ptr<std::remove_pointer_t<gzFile>, CloseGzip>;

std::vector<std::string_view> Cells(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const size_t end = line.find_first_of(",\r\n");
    cells.push_back(line.substr(0, end));
    if (end == std::string_view::npos || line[end] != ',') return cells;
    line.remove_prefix(end + 1);
  }
}

std::optional<size_t> Find(const std::vector<std::string_view>& cells,
                           std::string_view name) {
  const auto found = std::find(cells.begin(), cells.end(), name);
  if (found == cells.end()) return std::nullopt;
  return static_cast<size_t>(found - cells.begin());
}

}  // namespace

Result<SampleTable> ReadSamples(const std::string& path,
                                const std::string& score_column) {
  const Gzip file(gzopen(path.c_str(), "rb"));
  if (file == nullptr)
    return Fail(Code::kNotFound, fmt::format("{}: cannot be opened", path));
  std::array<char, 4096> line{};
  if (gzgets(file.get(), line.data(), line.size()) == nullptr)
    return Fail(Code::kCorruptInput, fmt::format("{}: no header", path));
  const std::string header_text(line.data());
  const auto header = Cells(header_text);
  const std::array<std::string, 7> names{
      "adm2",       "motion2",    "vif_scale0", "vif_scale1",
      "vif_scale2", "vif_scale3", score_column};
  std::array<size_t, 7> columns{};
  for (size_t i = 0; i < names.size(); ++i) {
    const auto column = Find(header, names[i]);
    if (!column)
      return Fail(Code::kCorruptInput,
                  fmt::format("{}: no column {}", path, names[i]));
    columns[i] = *column;
  }
  const auto kind = Find(header, "kind");

  SampleTable table;
  for (int number = 2;; ++number) {
    if (gzgets(file.get(), line.data(), line.size()) == nullptr) break;
    const auto cells = Cells(line.data());
    std::array<double, 7> values{};
    for (size_t i = 0; i < values.size(); ++i) {
      const auto cell =
          columns[i] < cells.size() ? cells[columns[i]] : std::string_view();
      const char* end = cell.data() + cell.size();
      const auto read = std::from_chars(cell.data(), end, values[i]);
      if (read.ec != std::errc{} || read.ptr != end ||
          !std::isfinite(values[i]) || cells.size() != header.size())
        return Fail(Code::kCorruptInput,
                    fmt::format("{}: line {}: not {} numbers", path, number,
                                header.size()));
    }
    const auto& [adm2, motion2, vif0, vif1, vif2, vif3, score] = values;
    table.samples.push_back({{adm2, motion2, {vif0, vif1, vif2, vif3}}, score});
    if (kind) table.kinds.emplace_back(cells[*kind]);
  }
  int zlib_error = 0;
  gzerror(file.get(), &zlib_error);
  if (zlib_error != Z_OK && zlib_error != Z_STREAM_END)
    return Fail(Code::kCorruptInput, fmt::format("{}: damaged gzip", path));
  return table;
}

SplitSamples Split(const SampleTable& table) {
  SplitSamples split;
  std::map<std::string, int> seen;  // of each kind
  for (size_t i = 0; i < table.samples.size(); ++i) {
    const std::string kind = table.kinds.empty() ? "" : table.kinds[i];
    const bool held_back = ++seen[kind] % 10 == 0;
    (held_back ? split.held_back : split.fitted).push_back(table.samples[i]);
  }
  return split;
}

Errors Summarise(std::vector<double> absolute_errors) {
  if (absolute_errors.empty()) return {};
  std::sort(absolute_errors.begin(), absolute_errors.end());
  double squares = 0.0;
  for (const double error : absolute_errors) squares += error * error;
  const size_t count = absolute_errors.size();
  return {absolute_errors.back(), absolute_errors[(count * 99 + 99) / 100 - 1],
          std::sqrt(squares / static_cast<double>(count))};
}

}  // namespace reel::tools
