#include "service/rate_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "service/display.h"
#include "service/drawing.h"

namespace reel::service {
namespace {

using Kind = RateSeries::Kind;
using ladder::RatePoint;

constexpr double kWidth = 1000;
constexpr double kPlotHeight = 440;
constexpr double kLeft = 52;  // of the plot
constexpr double kRight = kWidth - 36;
constexpr double kTitleHeight = 32;
constexpr double kLegendRow = 20;
constexpr double kLabelRow = 14;
constexpr size_t kNameBytes = 80;

// About what a character takes of a line; an estimate, as fonts differ.
constexpr double kCharacter = 7.2;

constexpr const char* kDark = "#222";
// Told apart by people who see few colours: Okabe and Ito 2008, then Tol 2021.
constexpr std::array<const char*, 9> kColors = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
    "#56b4e9", "#332288", "#999933", "#882255"};

bool CanBeShown(const RatePoint& point) {
  return point.rate_bps >= 1 && point.rate_bps <= 1e12 &&
         std::abs(point.quality) <= 1e6;
}

struct Range {
  double low;
  double high;
};

// Of what `value` gives for each point that is shown; {0, 0} if there is none.
template <typename Value>
Range RangeOf(std::span<const RateSeries> series, Value value) {
  Range range{0, 0};
  bool first = true;
  for (const RateSeries& one : series) {
    for (const RatePoint& point : one.points) {
      if (!CanBeShown(point)) continue;
      range.low = first ? value(point) : std::min(range.low, value(point));
      range.high = first ? value(point) : std::max(range.high, value(point));
      first = false;
    }
  }
  return range;
}

// --- Axes
// ---------------------------------------------------------------------

double LogRate(const RatePoint& point) { return std::log10(point.rate_bps); }
double Quality(const RatePoint& point) { return point.quality; }

// Of log10(rate): some air at both ends, and never less than a factor of four.
Axis RateAxis(const Range& range) {
  const double middle = (range.low + range.high) / 2;
  const double half =
      std::max(0.53 * (range.high - range.low), std::log10(4.0) / 2);
  return {.begin = middle - half,
          .end = middle + half,
          .from = kLeft,
          .to = kRight};
}

// About eight steps from the lowest quality to the highest.
double QualityStep(const Range& range) {
  return NiceStep(std::max(range.high - range.low, 1.0), 8);
}

// From a whole step to another, four at least.
Axis QualityAxis(const Range& range, double top) {
  const double step = QualityStep(range);
  const double end = step * std::ceil(range.high / step);
  return {
      .begin = std::min(step * std::floor(range.low / step), end - 4 * step),
      .end = end,
      .from = top + kPlotHeight,
      .to = top};
}

// log10 of the rates from the axis' begin to its end that are one of `factors`
// times a power of ten.
std::vector<double> TicksOf(const std::vector<double>& factors, const Axis& x) {
  std::vector<double> ticks;
  for (double power = std::floor(x.begin); power <= x.end; ++power)
    for (const double factor : factors)
      if (const double log_rate = power + std::log10(factor);
          log_rate >= x.begin && log_rate <= x.end)
        ticks.push_back(log_rate);
  return ticks;
}

// As many easily read rates as have place for their labels.
std::vector<double> RateTicks(const Axis& x) {
  const std::vector<std::vector<double>> choices = {
      {1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8},
      {1, 1.5, 2, 3, 4, 6},
      {1, 2, 3, 5},
      {1, 2, 5},
      {1, 3}};
  const auto too_close = [&](double a, double b) {
    return x.At(b) - x.At(a) < 11 * kCharacter;
  };
  for (const std::vector<double>& factors : choices) {
    const std::vector<double> ticks = TicksOf(factors, x);
    if (std::adjacent_find(ticks.begin(), ticks.end(), too_close) ==
        ticks.end())
      return ticks;
  }
  return TicksOf({1}, x);
}

std::string RateText(double log_rate) {
  const double rate_bps = std::pow(10, log_rate);
  return rate_bps < 999'999.5 ? fmt::format("{:.4g} kbit/s", rate_bps / 1e3)
                              : fmt::format("{:.4g} Mbit/s", rate_bps / 1e6);
}

// From (x, y) along 'H' to the x, along 'V' to the y of `end`.
std::string GridLine(double x, double y, char along, double end) {
  return fmt::format("<path stroke=\"#ddd\" d=\"M{:.1f} {:.1f}{}{:.1f}\"/>\n",
                     x, y, along, end);
}

std::string Grid(const Axis& x, const Axis& y, double step) {
  std::string out;
  for (int i = 0; y.begin + i * step <= y.end + step / 2; ++i) {
    const double quality = y.begin + i * step;
    out += GridLine(x.from, y.At(quality), 'H', x.to);
    out += SvgText(x.from - 6, y.At(quality) + 4, "end",
                   fmt::format("{:g}", quality));
  }
  for (const double tick : RateTicks(x)) {
    out += GridLine(x.At(tick), y.from, 'V', y.to);
    out += SvgText(x.At(tick), y.from + 18, "middle", RateText(tick));
  }
  return out;
}

// --- Marks
// --------------------------------------------------------------------

struct Mark {
  double x;
  double y;
  std::string label;
};

// Those points that are shown, by rising rate and then quality.
std::vector<Mark> MarksOf(const RateSeries& series, const Axis& x,
                          const Axis& y) {
  std::vector<size_t> order(series.points.size());
  std::iota(order.begin(), order.end(), 0);
  std::erase_if(order, [&](size_t i) { return !CanBeShown(series.points[i]); });
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const RatePoint &p = series.points[a], &q = series.points[b];
    return p.rate_bps != q.rate_bps ? p.rate_bps < q.rate_bps
                                    : p.quality < q.quality;
  });
  std::vector<Mark> marks;
  for (const size_t i : order)
    marks.push_back({x.At(LogRate(series.points[i])),
                     y.At(series.points[i].quality),
                     i < series.labels.size() ? series.labels[i] : ""});
  return marks;
}

std::string Circle(const Mark& mark, double radius, const char* fill,
                   const char* more) {
  const std::string shape =
      fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"{}",
                  mark.x, mark.y, radius, fill, more);
  if (mark.label.empty()) return shape + "/>\n";
  return fmt::format("{}><title>{}</title></circle>\n", shape,
                     EscapeHtml(Shorten(mark.label, kNameBytes)));
}

// Marks without labels are one path: thousands of probes stay a small file, and
// those that cover each other are drawn once.
std::string Dots(const std::vector<Mark>& marks, const char* color) {
  std::string circles;
  std::set<std::string> places;
  for (const Mark& mark : marks) {
    if (mark.label.empty())
      places.insert(fmt::format("M{:.1f} {:.1f}h0", mark.x, mark.y));
    else
      circles += Circle(mark, 2.5, color, " fill-opacity=\"0.7\"");
  }
  if (places.empty()) return circles;
  return circles + fmt::format(
                       "<path stroke=\"{}\" stroke-width=\"5\" "
                       "stroke-linecap=\"round\" "
                       "stroke-opacity=\"0.7\" d=\"{}\"/>\n",
                       color, fmt::join(places, ""));
}

std::string Line(const std::vector<Mark>& marks, const char* color) {
  std::string path;
  for (const Mark& mark : marks)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", mark.x,
                        mark.y);
  return fmt::format(
      "<path stroke=\"{}\" stroke-width=\"1.5\" fill=\"none\" "
      "stroke-linejoin=\"round\" d=\"{}\"/>\n",
      color, path);
}

std::string Curve(const std::vector<Mark>& marks, const char* color) {
  std::string out = Line(marks, color);
  for (const Mark& mark : marks) out += Circle(mark, 3.5, color, "");
  return out;
}

// Heights of labels for marks from the top down: just below each mark, where a
// hull leaves the drawing empty, and a row apart.
std::vector<double> LabelHeights(const std::vector<Mark>& marks,
                                 double bottom) {
  std::vector<double> heights;
  for (const Mark& mark : marks)
    heights.push_back(heights.empty() ? mark.y + kLabelRow
                                      : std::max(mark.y + kLabelRow,
                                                 heights.back() + kLabelRow));
  double lowest = bottom - 4;
  for (size_t i = heights.size(); i-- > 0; lowest -= kLabelRow)
    heights[i] = std::min(heights[i], lowest);
  return heights;
}

// Beside its mark, with a thin line to it where others took the place.
std::string RungLabel(const Mark& mark, double height) {
  const std::string text = Shorten(mark.label, kNameBytes);
  const double width = kCharacter * static_cast<double>(text.size());
  const bool fits = mark.x + 10 + width < kRight;
  const double x = fits ? mark.x + 10 : mark.x - 10;
  std::string leader;
  if (std::abs(height - mark.y - kLabelRow) > 1)
    leader = fmt::format(
        "<path stroke=\"#888\" stroke-width=\"0.5\" "
        "d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n",
        mark.x, mark.y, x, height - 4);
  return leader + SvgText(x, height, fits ? "start" : "end", text) + "\n";
}

std::string RungLabels(std::vector<Mark> marks, const Axis& y) {
  std::erase_if(marks, [](const Mark& mark) { return mark.label.empty(); });
  std::stable_sort(marks.begin(), marks.end(),
                   [](const Mark& a, const Mark& b) { return a.y < b.y; });
  const std::vector<double> heights = LabelHeights(marks, y.from);
  std::string out;
  // Of more than there is place for, those of the best rungs go.
  for (size_t i = 0; i < marks.size(); ++i)
    if (heights[i] > y.to) out += RungLabel(marks[i], heights[i]);
  return fmt::format(
      "<g paint-order=\"stroke\" stroke=\"#fff\" "
      "stroke-width=\"3\">{}</g>\n",
      out);
}

std::string Rings(const std::vector<Mark>& marks) {
  std::string out;
  for (const Mark& mark : marks)
    out += Circle(mark, 5, "#fff", " stroke=\"#222\" stroke-width=\"2\"");
  return out;
}

std::string Draw(const RateSeries& series, const char* color, const Axis& x,
                 const Axis& y) {
  const std::vector<Mark> marks = MarksOf(series, x, y);
  switch (series.kind) {
    case Kind::kProbes:
      return Dots(marks, color);
    case Kind::kHull:
      return Line(marks, color);
    case Kind::kRungs:
      return RungLabels(marks, y) + Rings(marks);
    case Kind::kCurve:
      return Curve(marks, color);
  }
  return "";
}

// --- Legend
// -------------------------------------------------------------------

// Names from left to right, in as many rows as they take.
class Legend {
 public:
  void Add(const RateSeries& series, const char* color) {
    const std::string name = Shorten(series.name, kNameBytes);
    const double width = 40 + kCharacter * static_cast<double>(name.size());
    if (x_ > kLeft && x_ + width > kRight) {
      x_ = kLeft;
      y_ += kLegendRow;
    }
    content_ += Sample(series.kind, color) +
                SvgText(x_ + 24, y_ + 4, "start", name) + "\n";
    x_ += width;
  }
  const std::string& content() const { return content_; }
  double bottom() const { return y_ + kLegendRow; }

 private:
  std::string Sample(Kind kind, const char* color) const {
    const std::vector<Mark> dot = {{x_ + 9, y_, ""}};
    const std::vector<Mark> line = {{x_, y_, ""}, {x_ + 18, y_, ""}};
    switch (kind) {
      case Kind::kProbes:
        return Dots(dot, color);
      case Kind::kHull:
        return Line(line, color);
      case Kind::kRungs:
        return Rings(dot);
      case Kind::kCurve:
        return Line(line, color) + Curve(dot, color);
    }
    return "";
  }

  std::string content_;
  double x_ = kLeft;
  double y_ = kTitleHeight + 10;
};

std::vector<const char*> ColorsOf(std::span<const RateSeries> series) {
  std::vector<const char*> colors;
  size_t used = 0;
  for (const RateSeries& one : series) {
    const bool dark = one.kind == Kind::kHull || one.kind == Kind::kRungs;
    colors.push_back(dark ? kDark : kColors[used++ % kColors.size()]);
  }
  return colors;
}

}  // namespace

std::string PlotRates(const std::string& title, const std::string& quality,
                      std::span<const RateSeries> series) {
  const std::vector<const char*> colors = ColorsOf(series);
  Legend legend;
  for (size_t i = 0; i < series.size(); ++i) legend.Add(series[i], colors[i]);
  // The vertical axis' name stands above it, left of nothing else.
  const double top = legend.bottom() + kLegendRow;
  const Range qualities = RangeOf(series, Quality);
  const Axis x = RateAxis(RangeOf(series, LogRate));
  const Axis y = QualityAxis(qualities, top);
  std::string content = SvgText(kLeft, 22, "start", title) + "\n" +
                        legend.content() +
                        SvgText(8, top - 12, "start", quality) + "\n" +
                        Grid(x, y, QualityStep(qualities));
  for (size_t i = 0; i < series.size(); ++i)
    content += Draw(series[i], colors[i], x, y);
  return SvgFile(kWidth, top + kPlotHeight + 32, title, content);
}

}  // namespace reel::service
