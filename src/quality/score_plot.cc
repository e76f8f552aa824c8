#include "quality/score_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace reel::quality {
namespace {

constexpr double kWidth = 1000;
constexpr double kPlotHeight = 300;
constexpr double kLeft = 44;  // of the plot
constexpr double kRight = kWidth - 12;
constexpr double kLegendRow = 20;
constexpr double kTitleHeight = 30;
constexpr double kColumnWidth = 1;

// Told apart by people who see few colours (Okabe and Ito 2008).
constexpr std::array<const char*, 7> kColors = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000"};

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // A file's name may hold what XML forbids.
        out += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
  }
  return out;
}

// 1, 2 or 5 times a power of ten: at most `most` steps in `length`.
double NiceStep(double length, int most) {
  const double power = std::pow(10, std::floor(std::log10(length / most)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (length <= factor * power * most) return factor * power;
  return 10 * power;
}

// Maps [low, high] of some quantity to a stretch of the drawing.
struct Axis {
  double low;
  double high;
  double from;
  double to;
  double At(double value) const {
    return from + (to - from) * (value - low) / (high - low);
  }
};

std::string Text(double x, double y, const char* anchor,
                 const std::string& text) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y,
      anchor, Escaped(text));
}

std::string Grid(const Axis& x, const Axis& y) {
  std::string out;
  const double step = NiceStep(y.high - y.low, 6);
  for (double score = y.low; score <= y.high + step / 2; score += step) {
    out += fmt::format(
        "<path stroke=\"#ddd\" fill=\"none\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>\n",
        x.from, y.At(score), x.to);
    out += Text(x.from - 6, y.At(score) + 4, "end", fmt::format("{:g}", score));
  }
  const double frames = std::max(1.0, NiceStep(x.high - x.low, 10));
  for (double n = std::ceil(x.low / frames) * frames; n <= x.high; n += frames)
    out += Text(x.At(n), y.from + 16, "middle", fmt::format("{:.0f}", n));
  return out;
}

// Points of a column in the order low, high keep the line's extremes.
std::string Path(const PlotLine& line, const Axis& x, const Axis& y) {
  std::string path;
  for (size_t i = 0; i < line.scores.size();) {
    const double column = x.At(static_cast<double>(line.frames[i]));
    double low = line.scores[i], high = low;
    for (++i; i < line.scores.size() &&
              x.At(static_cast<double>(line.frames[i])) < column + kColumnWidth;
         ++i) {
      low = std::min(low, line.scores[i]);
      high = std::max(high, line.scores[i]);
    }
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", column,
                        y.At(low));
    if (high > low) path += fmt::format("V{:.1f}", y.At(high));
  }
  // A single frame is a dash.
  if (line.scores.size() == 1) path += "h6";
  return path;
}

Axis FrameAxis(std::span<const PlotLine> lines) {
  double low = 0, high = 1;
  bool first = true;
  for (const PlotLine& line : lines) {
    if (line.frames.empty()) continue;
    const auto begin = static_cast<double>(line.frames.front());
    low = first ? begin : std::min(low, begin);
    high = std::max({high, low + 1, static_cast<double>(line.frames.back())});
    first = false;
  }
  return {.low = low, .high = high, .from = kLeft, .to = kRight};
}

Axis ScoreAxis(std::span<const PlotLine> lines, double top) {
  double low = 100;
  for (const PlotLine& line : lines)
    for (const double score : line.scores) low = std::min(low, score);
  const double step = NiceStep(std::max(5.0, 100 - low), 6);
  low = std::min(95.0, std::floor(low / step) * step);
  return {.low = low, .high = 100, .from = top + kPlotHeight, .to = top};
}

}  // namespace

std::string PlotScores(const std::string& title,
                       std::span<const PlotLine> lines) {
  const double top =
      kTitleHeight + kLegendRow * static_cast<double>(lines.size()) + 8;
  const Axis x = FrameAxis(lines), y = ScoreAxis(lines, top);
  std::string content = Text(kLeft, 20, "start", title) + Grid(x, y);
  for (size_t i = 0; i < lines.size(); ++i) {
    const char* color = kColors[i % kColors.size()];
    const double row = kTitleHeight + kLegendRow * static_cast<double>(i);
    content += fmt::format(
        "<path stroke=\"{}\" stroke-width=\"3\" d=\"M{:.1f} {:.1f}h20\"/>\n",
        color, kLeft, row + 6);
    content += Text(kLeft + 28, row + 10, "start", lines[i].name);
    content += fmt::format(
        "<path stroke=\"{}\" stroke-width=\"1.5\" fill=\"none\" "
        "stroke-linejoin=\"round\" d=\"{}\"/>\n",
        color, Path(lines[i], x, y));
  }
  const double height = top + kPlotHeight + 28;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0f} {:.0f}\" "
      "role=\"img\" aria-label=\"{}\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n"
      "<rect width=\"{:.0f}\" height=\"{:.0f}\" fill=\"#fff\"/>\n{}</svg>\n",
      kWidth, height, Escaped(title), kWidth, height, content);
}

}  // namespace reel::quality
