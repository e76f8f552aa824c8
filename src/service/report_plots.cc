#include "service/report_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "service/display.h"
#include "service/drawing.h"
#include "service/source_text.h"

namespace reel::service {
namespace {

// Widths in units of the drawing's own, close to the page's pixels.
constexpr double kWidth = 960;
constexpr double kBarsWidth = 480;
constexpr int kSeries = 6;

double SegmentStart(const model::VideoTrackFile& track, size_t i) {
  return base::Seconds(track.segments[i].start_ticks, {1, track.timescale_hz});
}

double SegmentSeconds(const model::VideoTrackFile& track, size_t i) {
  return base::Seconds(track.segments[i].duration_ticks,
                       {1, track.timescale_hz});
}

double TrackEnd(const model::VideoTrackFile& track) {
  if (track.segments.empty()) return 0;
  const size_t last = track.segments.size() - 1;
  return SegmentStart(track, last) + SegmentSeconds(track, last);
}

double SegmentRate(const model::VideoTrackFile& track, size_t i) {
  return 8.0 * static_cast<double>(track.segments[i].bytes) /
         SegmentSeconds(track, i);
}

std::string ShotBlocks(const model::Report& report, const Axis& x) {
  std::string out;
  for (const model::ReportShot& shot : report.shots) {
    const double left = x.At(shot.start);
    out += fmt::format(
        "<rect class=\"shot\" x=\"{:.2f}\" y=\"22\" width=\"{:.2f}\" "
        "height=\"40\" rx=\"3\"><title>Shot {}: {} to {} s, {} frames from "
        "frame {}</title></rect>",
        left, std::max(0.5, x.At(shot.start + shot.duration) - left - 1.5),
        shot.index + 1, DisplayNumber(shot.start, 3),
        DisplayNumber(shot.start + shot.duration, 3), shot.frames,
        shot.start_frame);
  }
  return out;
}

std::string SegmentTicks(const model::VideoTrackFile& track, const Axis& x) {
  std::string path;
  for (size_t i = 0; i < track.segments.size(); ++i)
    path += fmt::format("M{:.2f} 66v8", x.At(SegmentStart(track, i)));
  return fmt::format("<path class=\"tick\" d=\"{}\"/>", path);
}

std::string FindingMarks(const model::Report& report, const Axis& x) {
  std::string out;
  for (const model::Finding& finding : report.inspection.findings) {
    const double at = std::clamp(finding.start, 0.0, x.end);
    out += fmt::format(
        "<circle class=\"mark {}\" cx=\"{:.2f}\" cy=\"10\" r=\"5\"><title>{}: "
        "{}</title></circle>",
        SeverityName(finding.severity), std::clamp(x.At(at), 5.0, kWidth - 5),
        EscapeHtml(finding.code), EscapeHtml(finding.message));
  }
  return out;
}

std::string RateGrid(const Axis& x, const Axis& y, double step) {
  std::string out;
  for (int i = 0; i * step <= y.end * 1.001; ++i) {
    const double rate = i * step;
    const double height = y.At(rate);
    out += fmt::format("<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>",
                       x.from, height, x.to);
    out += SvgText(x.from - 8, height + 4, "end",
                   DisplayNumber(rate / 1e6, 2) + " Mb/s");
  }
  return out;
}

std::string RateLine(const model::VideoTrackFile& track, const Axis& x,
                     const Axis& y, size_t series) {
  std::string path;
  for (size_t i = 0; i < track.segments.size(); ++i) {
    const double start = SegmentStart(track, i);
    path += fmt::format("{}{:.2f} {:.2f}H{:.2f}", i == 0 ? "M" : "L",
                        x.At(start), y.At(SegmentRate(track, i)),
                        x.At(start + SegmentSeconds(track, i)));
  }
  return fmt::format(
      "<path class=\"line series-{}\" d=\"{}\"><title>{}</title></path>",
      series % kSeries, path, EscapeHtml(track.rendition));
}

}  // namespace

std::string PlotShots(const model::Report& report,
                      std::span<const model::VideoTrackFile> tracks) {
  if (report.shots.empty()) return "";
  const model::ReportShot& last = report.shots.back();
  const Axis x{.end = std::max(0.001, last.start + last.duration),
               .to = kWidth};
  std::string content = FindingMarks(report, x) + ShotBlocks(report, x);
  if (!tracks.empty()) content += SegmentTicks(tracks[0], x);
  return Svg(kWidth, 96, "Shots and segments over time",
             content + TimeLabels(x, 92));
}

std::string PlotBitrates(std::span<const model::VideoTrackFile> tracks) {
  Axis x{.end = 0, .from = 84, .to = kWidth - 4};
  Axis y{.end = 0, .from = 250, .to = 12};
  for (const model::VideoTrackFile& track : tracks) {
    x.end = std::max(x.end, TrackEnd(track));
    for (size_t i = 0; i < track.segments.size(); ++i)
      y.end = std::max(y.end, SegmentRate(track, i));
  }
  if (x.end <= 0 || y.end <= 0) return "";
  const double step = NiceStep(y.end, 5);
  y.end = step * std::ceil(y.end / step);
  std::string content = RateGrid(x, y, step);
  for (size_t i = 0; i < tracks.size(); ++i)
    content += RateLine(tracks[i], x, y, i);
  return Svg(kWidth, 278, "Bit rate of each segment over time",
             content + TimeLabels(x, 272));
}

std::string PlotBars(const std::vector<Bar>& bars) {
  constexpr double kRow = 30;
  double largest = 0;
  for (const Bar& bar : bars) largest = std::max(largest, bar.value);
  if (largest <= 0) return "";
  const Axis x{.end = largest, .from = 130, .to = kBarsWidth - 90};
  std::string content;
  for (size_t i = 0; i < bars.size(); ++i) {
    const double top = kRow * static_cast<double>(i);
    content += SvgText(x.from - 12, top + 19, "end", bars[i].name);
    content += fmt::format(
        "<rect class=\"bar series-{}\" x=\"{}\" y=\"{:.1f}\" "
        "width=\"{:.1f}\" height=\"18\" rx=\"4\"/>",
        i % kSeries, x.from, top + 5,
        std::max(2.0, x.At(bars[i].value) - x.from));
    content += SvgText(std::max(x.At(bars[i].value), x.from + 2) + 10, top + 19,
                       "start", bars[i].label);
  }
  return Svg(kBarsWidth, kRow * static_cast<double>(bars.size()), "Bars",
             content);
}

}  // namespace reel::service
