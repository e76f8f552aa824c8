#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace reel::cli {
namespace {

constexpr int kNameColumns = 10;
constexpr int kFiguresColumns = 38;
constexpr int kLongestBar = 40;
// Before this much is done, an estimate says nothing.
constexpr double kLeastFraction = 0.01;

std::string Clock(Seconds seconds) {
  const auto whole = static_cast<int64_t>(std::llround(std::max(0.0, seconds)));
  const int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0)
    return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

Seconds Elapsed(const StageProgress& stage, Seconds now) {
  return (stage.ended >= 0 ? stage.ended : now) - stage.started;
}

std::string Rate(const StageProgress& stage, int64_t frames, Seconds now) {
  const double per_second = stage.Fraction() * static_cast<double>(frames) /
                            std::max(0.001, Elapsed(stage, now));
  const bool known = frames > 0 && stage.Fraction() >= kLeastFraction;
  return known ? fmt::format("{:.0f} frames/s", per_second) : "";
}

// "0:31 left", or how long it took.
std::string Remaining(const StageProgress& stage, Seconds now) {
  const Seconds elapsed = Elapsed(stage, now);
  if (stage.ended >= 0) return "took " + Clock(elapsed);
  if (stage.Fraction() < kLeastFraction) return "";
  return Clock(elapsed * (1 / stage.Fraction() - 1)) + " left";
}

// Rounded down, so that 100 means done.
int Percent(const StageProgress& stage) {
  return static_cast<int>(100 * std::clamp(stage.Fraction(), 0.0, 1.0));
}

}  // namespace

std::string FormatBar(const StageProgress& stage, int64_t frames, Seconds now,
                      int columns) {
  const int length =
      std::clamp(columns - kNameColumns - kFiguresColumns, 0, kLongestBar);
  const int full = length * Percent(stage) / 100;
  std::string bar;
  for (int i = 0; i < length; ++i) bar += i < full ? "━" : "╌";
  const bool started = stage.started >= 0;
  return fmt::format("{:<{}}{} {:3} %  {:>14}  {:>13}", stage.name,
                     kNameColumns, bar, Percent(stage),
                     started ? Rate(stage, frames, now) : "",
                     started ? Remaining(stage, now) : "");
}

std::string FormatLine(const std::vector<StageProgress>& stages, int64_t frames,
                       Seconds now) {
  std::string line;
  for (const StageProgress& stage : stages) {
    if (stage.started < 0 || stage.ended >= 0) continue;
    if (!line.empty()) line += "; ";
    line += fmt::format("{} {} %", stage.name, Percent(stage));
    for (const std::string& figure :
         {Rate(stage, frames, now), Remaining(stage, now)})
      if (!figure.empty()) line += ", " + figure;
  }
  return line;
}

}  // namespace reel::cli
