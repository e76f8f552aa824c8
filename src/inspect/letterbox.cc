// letterbox: black bars at opposite edges; the active picture is smaller than
// the frame. Method: rows and columns that are black in every lit picture
// between two cuts (inspect/black_bars.h); stretches of the same active area
// are one finding. Threshold: letterbox_percent of height or width. Pointed
// out, as most such films are meant so; bars on all four sides are warned of.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/frame_runs.h"

namespace reel::inspect {
namespace {

// A cut: the picture changes by this, in 1/256 of a level, and by several times
// more than around it.
constexpr int kCut = 2560;
constexpr int kTimesMore = 3;
// Fewer lit pictures tell nothing of their edges.
constexpr size_t kFewPictures = 5;
constexpr int kSamePixels = 4;

struct BoxedStretch {
  FrameRun run;
  Bars bars;
};

bool IsCut(const model::Fingerprints& prints, size_t n) {
  const int around =
      std::max(prints[n - 1].change,
               n + 1 < prints.size() ? prints[n + 1].change : uint16_t{0});
  return prints[n].change >= kCut && prints[n].change >= kTimesMore * around;
}

// What is black in all lit pictures of `run`; nullopt if there are few.
std::optional<Bars> CommonBars(const TitleFacts& facts, const FrameRun& run) {
  std::optional<Bars> common;
  size_t lit = 0;
  for (size_t n = run.first; n < run.end; ++n) {
    if (IsBlackPicture(facts, n)) continue;
    const Bars& bars = facts.pictures[n].bars;
    if (!common) common = bars;
    common->top = std::min(common->top, bars.top);
    common->bottom = std::min(common->bottom, bars.bottom);
    common->left = std::min(common->left, bars.left);
    common->right = std::min(common->right, bars.right);
    ++lit;
  }
  return lit >= kFewPictures ? common : std::nullopt;
}

bool IsSame(const Bars& a, const Bars& b) {
  const auto near = [](int x, int y) { return std::abs(x - y) <= kSamePixels; };
  return near(a.top, b.top) && near(a.bottom, b.bottom) &&
         near(a.left, b.left) && near(a.right, b.right);
}

// Bars on one side only are a dark picture's edge.
Bars OnBothSides(Bars bars, int width, int height, int64_t percent) {
  const auto keep = [percent](uint16_t& a, uint16_t& b, int size) {
    if (100 * (a + b) >= percent * size && 4 * std::min(a, b) >= std::max(a, b))
      return;
    a = b = 0;
  };
  keep(bars.top, bars.bottom, height);
  keep(bars.left, bars.right, width);
  return bars;
}

std::vector<FrameRun> BetweenCuts(const TitleFacts& facts) {
  std::vector<FrameRun> runs = {{0, facts.frames.size()}};
  for (size_t n = 1; n < facts.frames.size(); ++n) {
    if (!IsCut(facts.fingerprints, n)) continue;
    runs.back().end = n;
    runs.push_back({n, facts.frames.size()});
  }
  return runs;
}

model::Finding Describe(const TitleFacts& facts, const BoxedStretch& stretch) {
  const model::VideoTrack& video = facts.source.video;
  const bool turned = video.rotation_degrees % 180 != 0;
  const int width = turned ? video.height : video.width;
  const int height = turned ? video.width : video.height;
  const Bars& bars = stretch.bars;
  const int active_width = width - bars.left - bars.right;
  const int active_height = height - bars.top - bars.bottom;
  const bool all_sides = active_width < width && active_height < height;
  return FindingOfRun(
      facts, stretch.run,
      {.code = "letterbox",
       .severity = all_sides ? model::Severity::kWarn : model::Severity::kInfo,
       .message = fmt::format("Black bars leave an active picture of {}x{} at "
                              "({}, {}) of {}x{}",
                              active_width, active_height, bars.left, bars.top,
                              width, height),
       .remedy = "Deliver the active picture alone; players add bars of their "
                 "own where they need them.",
       .evidence = {{"top", bars.top},
                    {"bottom", bars.bottom},
                    {"left", bars.left},
                    {"right", bars.right}}});
}

}  // namespace

Findings Letterbox(const TitleFacts& facts) {
  const model::VideoTrack& video = facts.source.video;
  const bool turned = video.rotation_degrees % 180 != 0;
  std::vector<BoxedStretch> stretches;
  for (const FrameRun& run : BetweenCuts(facts)) {
    const auto common = CommonBars(facts, run);
    if (!common) {  // too short or too dark: like what is before it
      if (!stretches.empty()) stretches.back().run.end = run.end;
      continue;
    }
    const Bars bars = OnBothSides(*common, turned ? video.height : video.width,
                                  turned ? video.width : video.height,
                                  facts.limits.letterbox_percent);
    if (!stretches.empty() && IsSame(stretches.back().bars, bars)) {
      stretches.back().run.end = run.end;
    } else {
      stretches.push_back({run, bars});
    }
  }
  Findings findings;
  for (const BoxedStretch& stretch : stretches) {
    if (stretch.bars == Bars{}) continue;
    findings.push_back(Describe(facts, stretch));
  }
  return Capped(std::move(findings));
}

}  // namespace reel::inspect
