// photosensitive-flash: flashes that may harm viewers with photosensitive
// epilepsy. Method: ITU-R BT.1702 and WCAG 2.3.1: a flash is a pair of opposite
// changes of relative luminance by at least a tenth of 200 cd/m2, the darker
// one below 0.8 (general flash), or of saturated red (red flash: changes of
// (R - G - B) x 320 by more than 20); over a quarter of the screen. Seen in a
// grid of 8 by 6 cells: a cell counts for itself. Threshold: more than
// flashes_per_second in any second. Warned of.
#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "inspect/checks.h"
#include "inspect/frame_runs.h"

namespace reel::inspect {
namespace {

constexpr size_t kQuarter = kLightCells / 4;
constexpr double kSecond = 1;

// Finds opposite changes of one value over time: its turning points that are
// at least `least` apart.
class Swings {
 public:
  explicit Swings(double least) : least_(least) {}
  // Whether a change in the direction opposite to the last has now reached
  // `least`; `from` is where it began.
  bool Next(double value, double& from) {
    if (!begun_) {
      begun_ = true;
      low_ = high_ = value;
      return false;
    }
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
    const bool rose = direction_ <= 0 && value - low_ >= least_;
    const bool fell = direction_ >= 0 && high_ - value >= least_;
    if (!rose && !fell) return false;
    from = rose ? low_ : high_;
    direction_ = rose ? 1 : -1;
    low_ = high_ = value;
    return true;
  }

 private:
  double least_;
  bool begun_ = false;
  int direction_ = 0;
  double low_ = 0;  // since the last change
  double high_ = 0;
};

// One cell: the times of its changes within the last second.
class CellHistory {
 public:
  explicit CellHistory(double least) : swings_(least) {}
  // `counts(from, to)`: whether such a change does.
  template <typename Counts>
  void See(double seconds, double value, Counts counts) {
    double from = 0;
    if (swings_.Next(value, from) && counts(from, value))
      changes_.push_back(seconds);
    while (!changes_.empty() && changes_.front() <= seconds - kSecond)
      changes_.pop_front();
  }
  int64_t flashes() const { return std::ssize(changes_) / 2; }

 private:
  Swings swings_;
  std::deque<double> changes_;
};

// Frames at whose time a quarter of the cells has flashed too often.
template <typename ValueOf, typename Counts>
std::vector<FrameRun> Harmful(const TitleFacts& facts, double least,
                              ValueOf value_of, Counts counts) {
  std::vector<CellHistory> cells(kLightCells, CellHistory(least));
  return FindRuns(facts.frames.size(), [&](size_t frame) {
    const double seconds = facts.Start(static_cast<int64_t>(frame));
    size_t too_often = 0;
    for (size_t i = 0; i < kLightCells; ++i) {
      cells[i].See(seconds, value_of(facts.pictures[frame], i), counts);
      too_often += cells[i].flashes() > facts.limits.flashes_per_second;
    }
    return too_often >= kQuarter;
  });
}

std::vector<FrameRun> GeneralFlashes(const TitleFacts& facts) {
  return Harmful(
      facts, 0.1,
      [](const PictureStats& picture, size_t cell) {
        const double root = picture.light[cell] / 255.0;
        return root * root;
      },
      [](double from, double to) { return std::min(from, to) < 0.8; });
}

// A cell's red, signed by saturation: a change counts if either end is
// saturated.
std::vector<FrameRun> RedFlashes(const TitleFacts& facts) {
  return Harmful(
      facts, 20.0 / 320,
      [](const PictureStats& picture, size_t cell) {
        const int value = picture.red[cell];
        return value % 2 == 1 ? value / 2 / 127.0 : 0.0;
      },
      [](double, double) { return true; });
}

void Tell(const TitleFacts& facts, std::vector<FrameRun> runs, const char* what,
          Findings& findings) {
  // Runs that are less than a second apart are one.
  std::vector<FrameRun> joined;
  for (const FrameRun& run : runs) {
    if (!joined.empty() &&
        LengthMs(facts, {joined.back().end, run.first}) < 1000)
      joined.back().end = run.end;
    else
      joined.push_back(run);
  }
  for (FrameRun run : joined) {
    // The flashes that made the first frame one too many began before it.
    const double begin = facts.Start(static_cast<int64_t>(run.first)) - kSecond;
    while (run.first > 0 &&
           facts.Start(static_cast<int64_t>(run.first) - 1) > begin)
      --run.first;
    findings.push_back(FindingOfRun(
        facts, run,
        {.code = "photosensitive-flash",
         .severity = model::Severity::kWarn,
         .message = fmt::format("{} flashes more than {} times a second over a "
                                "quarter of the picture",
                                what, facts.limits.flashes_per_second),
         .remedy =
             "Have it tested for photosensitive epilepsy (ITU-R BT.1702); "
             "slow down, darken or shrink the flashes, or warn viewers.",
         .evidence = {{"kind", what}}}));
  }
}

}  // namespace

Findings PhotosensitiveFlash(const TitleFacts& facts) {
  Findings findings;
  Tell(facts, GeneralFlashes(facts), "Light", findings);
  Tell(facts, RedFlashes(facts), "Saturated red", findings);
  return Capped(std::move(findings));
}

}  // namespace reel::inspect
