// letterbox: black bars at opposite edges; the active picture is smaller than
// the frame. Method: rows and columns that are black in every lit picture
// between two cuts (inspect/black_bars.h); stretches of the same active area
// are one finding. Threshold: letterbox_percent of height or width. Pointed
// out, as most such films are meant so; bars on all four sides are warned of.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "inspect/checks.h"
#include "inspect/frame_runs.h"

namespace reel::inspect {
namespace {

// Fewer lit pictures tell nothing of their edges.
constexpr size_t kFewPictures = 5;
constexpr int kSamePixels = 4;

struct BoxedStretch {
  FrameRun run;
  Bars bars;
};

// Of the pictures as they are decoded, turned upright, in their own pixels.
std::pair<int, int> UprightSize(const model::VideoTrack& video) {
  const bool turned = video.rotation_degrees % 180 != 0;
  return turned ? std::pair(video.height, video.width)
                : std::pair(video.width, video.height);
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
  for (const int64_t cut : Cuts(facts)) {
    const auto frame = static_cast<size_t>(cut);
    runs.back().end = frame;
    runs.push_back({frame, facts.frames.size()});
  }
  return runs;
}

model::Finding Describe(const TitleFacts& facts, const BoxedStretch& stretch) {
  const auto [width, height] = UprightSize(facts.source.video);
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
  const auto [width, height] = UprightSize(facts.source.video);
  std::vector<BoxedStretch> stretches;
  for (const FrameRun& run : BetweenCuts(facts)) {
    const auto common = CommonBars(facts, run);
    if (!common) {  // too short or too dark: like what is before it
      if (!stretches.empty()) stretches.back().run.end = run.end;
      continue;
    }
    const Bars bars =
        OnBothSides(*common, width, height, facts.limits.letterbox_percent);
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
