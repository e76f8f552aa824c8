#include "cli/compare_text.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "service/rate_plot.h"

namespace reel::cli {
namespace {

std::string Percent(const std::optional<double>& value) {
  return value ? fmt::format("{:+.1f} %", *value) : "-";
}

std::string Over(const ladder::BdResult& result) {
  if (!result.percent) return "-";
  return fmt::format("{} ({:.0f} to {:.0f})", Percent(result.percent),
                     result.low, result.high);
}

std::string Cpu(double anchor, double test) {
  if (anchor <= 0) return "-";
  return fmt::format("{:.1f} s / {:.1f} s = {:.2f}", test, anchor,
                     test / anchor);
}

std::string Line(const std::string& title, const std::string& content_class,
                 const std::string& vmaf, const std::string& psnr,
                 const std::string& cpu) {
  return fmt::format("{:<24} {:<12} {:>21} {:>21}  {}\n", title, content_class,
                     vmaf, psnr, cpu);
}

std::string MeanLine(const std::string& name,
                     const ladder::MeanComparison& mean) {
  return Line(fmt::format("mean of {}", mean.titles), name,
              Percent(mean.vmaf_percent), Percent(mean.psnr_percent),
              Cpu(mean.anchor_cpu_seconds, mean.test_cpu_seconds));
}

}  // namespace

std::string FormatComparison(const ladder::Comparison& comparison,
                             const std::string& anchor,
                             const std::string& test) {
  std::string out = fmt::format(
      "BD-rate of {} over {}: bits for equal quality, over the qualities in "
      "brackets\n",
      test, anchor);
  out += Line("title", "class", "by VMAF", "by PSNR (dB)", "CPU");
  for (const ladder::TitleComparison& title : comparison.titles) {
    out += Line(title.title, title.content_class, Over(title.vmaf),
                Over(title.psnr),
                Cpu(title.anchor_cpu_seconds, title.test_cpu_seconds));
  }
  if (comparison.titles.size() < 2) return out;
  if (comparison.classes.size() > 1) {
    for (const ladder::MeanComparison& mean : comparison.classes)
      out += MeanLine(mean.content_class, mean);
  }
  return out + MeanLine("all", comparison.all);
}

std::string PlotComparison(const ladder::ComparedTitle& title,
                           const std::string& anchor, const std::string& test,
                           const std::string& metric,
                           double ladder::CodedLadder::Point::*quality) {
  const auto curve = [&](const std::string& name,
                         const ladder::CodedLadder& coded) {
    service::RateSeries series{.kind = service::RateSeries::Kind::kCurve,
                               .name = name,
                               .points = {},
                               .labels = {}};
    for (const ladder::CodedLadder::Point& point : coded.points)
      series.points.push_back({point.rate_bps, point.*quality});
    return series;
  };
  const std::vector<service::RateSeries> both{curve(anchor, title.anchor),
                                              curve(test, title.test)};
  return service::PlotRates(title.title, metric, both);
}

}  // namespace reel::cli
