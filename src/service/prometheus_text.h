// The text format that Prometheus reads, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/histogram.h"

namespace reel::service {

// To be sent with the text.
inline constexpr char kPrometheusContentType[] =
    "text/plain; version=0.0.4; charset=utf-8";

// Names and values; values may hold any UTF-8 text.
using MetricLabels = std::vector<std::pair<std::string_view, std::string>>;

enum class MetricType { kGauge, kCounter, kHistogram };

// Writes one family of metrics after another: each its Begin, then its samples.
// Its names are those of Prometheus: letters, digits and "_".
class PrometheusText {
 public:
  void Begin(std::string_view name, MetricType type, std::string_view help);
  // Of a gauge or a counter. Labels are never the same twice in a family.
  void Sample(const MetricLabels& labels, double value);
  // Of a histogram.
  void Sample(const MetricLabels& labels, const base::Histogram& histogram);

  const std::string& text() const { return text_; }

 private:
  void Line(std::string_view suffix, const MetricLabels& labels, double value);
  std::string name_;
  std::string text_;
};

}  // namespace reel::service
