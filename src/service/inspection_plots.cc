#include "service/inspection_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "service/display.h"
#include "service/drawing.h"
#include "service/source_text.h"

namespace reel::service {
namespace {

// Units of a plot's drawing, whatever its size on the screen is.
constexpr double kWidth = 1200;
constexpr double kHeight = 200;
constexpr double kQuietest = -60;  // LUFS at the bottom of a plot
constexpr double kLoudest = 0;
constexpr double kLoudnessStep = 12;
constexpr size_t kMostBands = 200;
constexpr size_t kMostTip = 200;           // bytes of a tip
constexpr double kMomentarySpacing = 0.1;  // seconds
// A value is drawn in the middle of the window that it was measured in.
constexpr double kMomentaryMiddle = 0.2;
constexpr double kShortTermMiddle = 1.5;

bool IsDrawable(double duration) {
  return std::isfinite(duration) && duration > 0;
}

// Where a time lies, 0..100 % of the title's.
double Percent(double time, double duration) {
  return std::clamp(100 * time / duration, 0.0, 100.0);
}

struct YLabel {
  double y;  // in the drawing
  std::string text;
};

// A drawing that stretches, with texts that do not.
std::string Plot(const std::string& label, const std::string& drawing,
                 const std::vector<YLabel>& y_labels) {
  std::string out = fmt::format(
      "<div class=\"plot\"><svg viewBox=\"0 0 {} {}\" "
      "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">{}</svg>",
      kWidth, kHeight, EscapeHtml(label), drawing);
  for (const auto& [y, text] : y_labels) {
    out += fmt::format("<span class=\"y\" style=\"top:{:.1f}%\">{}</span>",
                       100 * y / kHeight, EscapeHtml(text));
  }
  return out + "</div>";
}

std::string Horizontal(const char* kind, double y) {
  return fmt::format("<path class=\"{}\" d=\"M0 {:.1f}H{}\"/>", kind, y,
                     kWidth);
}

// --- Findings ---------------------------------------------------------------

struct Bar {
  double from;  // percent of the time
  double to;
  model::Severity severity;
  size_t first;  // finding
  size_t count;
};

// Findings of one code.
struct Lane {
  std::string code;
  std::vector<Bar> bars;
};

// In the order of their first, so the worst lane is the first.
std::vector<Lane> MakeLanes(std::span<const model::Finding> findings,
                            double duration) {
  std::vector<Lane> lanes;
  for (size_t i = 0; i < findings.size(); ++i) {
    const model::Finding& finding = findings[i];
    if (!HasPlace(finding)) continue;
    auto lane = std::find_if(
        lanes.begin(), lanes.end(),
        [&](const Lane& known) { return known.code == finding.code; });
    if (lane == lanes.end()) lane = lanes.insert(lane, {finding.code, {}});
    const double from = Percent(finding.start, duration);
    lane->bars.push_back({from, std::max(from, Percent(finding.end, duration)),
                          finding.severity, i, 1});
  }
  return lanes;
}

// Joins bars of one severity that no screen could tell apart.
std::vector<Bar> JoinTouching(std::vector<Bar> bars) {
  constexpr double kTouching = 0.15;  // percent of the width
  std::stable_sort(bars.begin(), bars.end(),
                   [](const Bar& a, const Bar& b) { return a.from < b.from; });
  std::vector<Bar> out;
  for (const Bar& bar : bars) {
    const bool touches = !out.empty() && bar.severity == out.back().severity &&
                         bar.from < out.back().to + kTouching;
    if (!touches) {
      out.push_back(bar);
      continue;
    }
    out.back().to = std::max(out.back().to, bar.to);
    out.back().first = std::min(out.back().first, bar.first);
    ++out.back().count;
  }
  return out;
}

std::string DrawBar(const Bar& bar, const model::Finding& finding,
                    const std::string& address) {
  const std::string more =
      bar.count > 1 ? fmt::format(" (and {} more)", bar.count - 1) : "";
  const std::string link =
      address.empty() ? "" : fmt::format(" href=\"{}\"", EscapeHtml(address));
  // A bar at the very end must not begin outside of its lane.
  return fmt::format(
      "<a class=\"span {}\"{} style=\"left:min({:.2f}%,100% - 5px);"
      "width:{:.2f}%\" title=\"{}: {}{}\"></a>",
      SeverityName(bar.severity), link, bar.from, bar.to - bar.from,
      EscapeHtml(finding.code), EscapeHtml(Shorten(finding.message, kMostTip)),
      more);
}

// --- Loudness ---------------------------------------------------------------

const Axis kLufs{.end = kLoudest - kQuietest, .from = kHeight, .to = 0};

double LufsY(double lufs) {
  return kLufs.At(std::clamp(lufs, kQuietest, kLoudest) - kQuietest);
}

// The stretches of columns that have a value, as closed shapes: along the
// greatest values and back along the least.
std::string EnvelopePath(const Envelope& envelope, double duration) {
  const auto& columns = envelope.columns;
  const auto x = [&](size_t i) {
    const double middle =
        envelope.step_seconds * (static_cast<double>(i) + 0.5);
    return kWidth * std::min(1.0, middle / duration);
  };
  std::string path;
  for (size_t first = 0; first < columns.size();) {
    size_t end = first;
    while (end < columns.size() && columns[end].known) ++end;
    for (size_t i = first; i < end; ++i)
      fmt::format_to(std::back_inserter(path), "{}{:.1f} {:.1f}",
                     i == first ? 'M' : 'L', x(i), LufsY(columns[i].high));
    for (size_t i = end; i > first; --i)
      fmt::format_to(std::back_inserter(path), "L{:.1f} {:.1f}", x(i - 1),
                     LufsY(columns[i - 1].low));
    if (end > first) path += 'Z';
    first = end + 1;
  }
  return path;
}

std::string DrawEnvelope(const char* kind, const char* name,
                         const Envelope& envelope, double duration) {
  return fmt::format("<path class=\"{}\" d=\"{}\"><title>{}</title></path>",
                     kind, EnvelopePath(envelope, duration), name);
}

std::vector<double> MomentaryLufs(const inspect::SoundFacts& sound) {
  std::vector<double> out;
  for (const int tenths : sound.loudness.momentary)
    out.push_back(static_cast<double>(tenths) / 10);
  return out;
}

// What was found in this track, from top to bottom of its plot.
std::string DrawBands(std::span<const model::Finding> findings, int stream,
                      double duration) {
  std::string out;
  size_t count = 0;
  for (const model::Finding& finding : findings) {
    const bool whole = finding.end - finding.start >= 0.95 * duration;
    if (finding.stream != stream || !HasPlace(finding) || whole) continue;
    if (++count > kMostBands) break;
    const double left = kWidth / 100 * Percent(finding.start, duration);
    const double right = kWidth / 100 * Percent(finding.end, duration);
    out += fmt::format(
        "<rect class=\"band {}\" x=\"{:.1f}\" y=\"0\" width=\"{:.1f}\" "
        "height=\"{}\"><title>{}: {}</title></rect>",
        SeverityName(finding.severity), std::min(left, kWidth - 3),
        std::max(3.0, right - left), kHeight, EscapeHtml(finding.code),
        EscapeHtml(Shorten(finding.message, kMostTip)));
  }
  return out;
}

}  // namespace

std::string PlotRow(const std::string& name, const std::string& plot) {
  return fmt::format(
      "<div class=\"row\"><div class=\"name\">{}</div>{}</div>\n", name, plot);
}

std::string PlotTimes(double duration) {
  if (!IsDrawable(duration)) return "";
  std::string out = "<div class=\"times\">";
  const double step = TimeStep(duration);
  for (int i = 0; i * step <= duration; ++i) {
    const double percent = Percent(i * step, duration);
    const char* kind = percent < 1    ? " class=\"first\""
                       : percent > 97 ? " class=\"last\""
                                      : "";
    out += fmt::format("<span{} style=\"left:{:.2f}%\">{}</span>", kind,
                       percent, DisplayTime(i * step));
  }
  return PlotRow("", out + "</div>");
}

std::string PlotCuts(std::span<const double> cuts, double duration) {
  constexpr double kNarrowest = 1.5;
  if (!IsDrawable(duration) || cuts.empty()) return "";
  std::string path;
  for (size_t i = 0; i < cuts.size();) {
    const double left = kWidth / 100 * Percent(cuts[i], duration);
    double right = left;
    // Shots too short to be seen are drawn as one.
    while (i < cuts.size() && right < left + kNarrowest) {
      ++i;
      right =
          i < cuts.size() ? kWidth / 100 * Percent(cuts[i], duration) : kWidth;
      if (i == cuts.size()) break;
    }
    fmt::format_to(std::back_inserter(path), "M{:.1f} 0H{:.1f}V{}H{:.1f}Z",
                   left, std::max(left + 0.5, right - 1.5), kHeight, left);
  }
  return fmt::format(
      "<div class=\"cuts\"><svg viewBox=\"0 0 {} {}\" "
      "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Shots\">"
      "<path class=\"shots\" d=\"{}\"/></svg></div>",
      kWidth, kHeight, path);
}

std::string PlotFindings(std::span<const model::Finding> findings,
                         double duration,
                         const std::function<std::string(size_t)>& link) {
  if (!IsDrawable(duration)) return "";
  std::string out;
  for (const Lane& lane : MakeLanes(findings, duration)) {
    std::string bars;
    for (const Bar& bar : JoinTouching(lane.bars))
      bars += DrawBar(bar, findings[bar.first], link(bar.first));
    out += PlotRow("<code>" + EscapeHtml(lane.code) + "</code>",
                   "<div class=\"lane\">" + bars + "</div>");
  }
  return out;
}

std::string PlotLoudness(const inspect::SoundFacts& sound, double origin,
                         double duration,
                         std::span<const model::Finding> findings) {
  if (!IsDrawable(duration) || sound.loudness.momentary.empty()) return "";
  const std::vector<double> momentary = MomentaryLufs(sound);
  const double start = sound.start - origin;
  std::vector<YLabel> labels;
  std::string drawing = DrawBands(findings, sound.stream, duration);
  for (double lufs = kLoudest - kLoudnessStep; lufs > kQuietest;
       lufs -= kLoudnessStep) {
    drawing += Horizontal("grid", LufsY(lufs));
    labels.push_back({LufsY(lufs), DisplayNumber(lufs, 0)});
  }
  drawing += DrawEnvelope(
      "momentary", "Momentary loudness (0.4 s)",
      Thin(momentary, start + kMomentaryMiddle, kMomentarySpacing, duration),
      duration);
  drawing += DrawEnvelope("short-term", "Short-term loudness (3 s)",
                          Thin(ShortTerm(momentary), start + kShortTermMiddle,
                               kMomentarySpacing, duration),
                          duration);
  if (sound.loudness.known)
    drawing += Horizontal("mean", LufsY(sound.loudness.integrated_lufs));
  return Plot("Loudness over time", drawing, labels);
}

std::string PlotBitRate(const BitRate& rate, double duration) {
  if (!IsDrawable(duration) || !(rate.max_bps > 0)) return "";
  const double step = NiceStep(rate.max_bps, 4);
  const Axis y{
      .end = step * std::ceil(rate.max_bps / step), .from = kHeight, .to = 0};
  std::string path = fmt::format("M0 {}", kHeight);
  for (size_t i = 0; i < rate.bps.size(); ++i) {
    const double end = rate.step_seconds * static_cast<double>(i + 1);
    fmt::format_to(std::back_inserter(path), "V{:.1f}H{:.1f}",
                   y.At(rate.bps[i]), kWidth * std::min(1.0, end / duration));
  }
  std::vector<YLabel> labels;
  std::string drawing;
  for (int i = 1; i * step < y.end * 0.999; ++i) {
    drawing += Horizontal("grid", y.At(i * step));
    labels.push_back(
        {y.At(i * step), DisplayBitrate(static_cast<int64_t>(i * step))});
  }
  drawing += fmt::format("<path class=\"rate\" d=\"{}V{}Z\"/>", path, kHeight);
  if (rate.mean_bps <= y.end)
    drawing += Horizontal("mean", y.At(rate.mean_bps));
  return Plot("Bit rate of the picture over time", drawing, labels);
}

}  // namespace reel::service
