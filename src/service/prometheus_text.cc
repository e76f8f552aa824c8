#include "service/prometheus_text.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <iterator>

namespace reel::service {
namespace {

const char* TypeName(MetricType type) {
  switch (type) {
    case MetricType::kGauge:
      return "gauge";
    case MetricType::kCounter:
      return "counter";
    case MetricType::kHistogram:
      return "histogram";
  }
  return "";
}

std::string Escaped(std::string_view text, bool in_quotes) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '"' && in_quotes) {
      escaped += "\\\"";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// As short as reads back the same: "0.1", "1e+20".
std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  if (value == std::trunc(value) && std::abs(value) < 1e16)
    return fmt::format("{}", static_cast<int64_t>(value));
  return fmt::format("{}", value);
}

}  // namespace

void PrometheusText::Begin(std::string_view name, MetricType type,
                           std::string_view help) {
  name_ = name;
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n",
                 name, Escaped(help, /*in_quotes=*/false), name,
                 TypeName(type));
}

void PrometheusText::Sample(const MetricLabels& labels, double value) {
  Line("", labels, value);
}

void PrometheusText::Sample(const MetricLabels& labels,
                            const base::Histogram& histogram) {
  MetricLabels with_bound = labels;
  std::string& bound = with_bound.emplace_back("le", "").second;
  int64_t count = 0;
  for (size_t i = 0; i < histogram.counts().size(); ++i) {
    count += histogram.counts()[i];
    bound =
        i < histogram.bounds().size() ? Number(histogram.bounds()[i]) : "+Inf";
    Line("_bucket", with_bound, static_cast<double>(count));
  }
  Line("_sum", labels, histogram.sum());
  Line("_count", labels, static_cast<double>(count));
}

void PrometheusText::Line(std::string_view suffix, const MetricLabels& labels,
                          double value) {
  text_ += name_;
  text_ += suffix;
  const char* before = "{";
  for (const auto& [name, label] : labels) {
    fmt::format_to(std::back_inserter(text_), "{}{}=\"{}\"", before, name,
                   Escaped(label, /*in_quotes=*/true));
    before = ",";
  }
  if (!labels.empty()) text_ += '}';
  fmt::format_to(std::back_inserter(text_), " {}\n", Number(value));
}

}  // namespace reel::service
