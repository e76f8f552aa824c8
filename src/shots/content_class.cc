#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <vector>

#include "shots/complexity.h"

namespace reel::shots {
namespace {

using Look = FrameComplexity::Look;
using Looks = std::vector<const FrameComplexity*>;

// A class's score is the least of what its signs say, and the class of a shot
// is the first of the list whose score reaches one half. A sign speaks from 0
// at `none` to 1 at `full`, straight in between; `none` may be the larger. The
// values lie between those of clips on which people agree: docs/shots.md.
constexpr double kClear = 0.5;

struct Sign {
  double none, full;
  double operator()(double value) const {
    return std::clamp((value - none) / (full - none), 0.0, 1.0);
  }
};

// Levels of noise that changes from frame to frame.
constexpr Sign kGrainy{.none = 0.8, .full = 2.0};
// Shares of the picture.
constexpr Sign kDarkPicture{.none = 0.4, .full = 0.8};
// Share of the width that blocks move per frame; with it, levels of TI, as
// motion seen in nearly equal pictures is no motion.
constexpr Sign kFast{.none = 0.004, .full = 0.02};
constexpr Sign kChanging{.none = 6, .full = 18};
// Windows, lines and letters lie along rows and columns, and most of a desktop
// stays as it is.
constexpr Sign kAlignedEdges{.none = 0.5, .full = 0.75};
constexpr Sign kStillBlocks{.none = 0.4, .full = 0.8};
// What is drawn has no noise, and either several strong colours and edges in
// focus, or large areas without any slope between sharp edges.
constexpr Sign kClean{.none = 0.4, .full = 0.15};
constexpr Sign kSaturatedColors{.none = 0.15, .full = 0.4};
constexpr Sign kSecondHue{.none = 0, .full = 0.06};
constexpr Sign kFocused{.none = 0, .full = 0.015};
constexpr Sign kUniform{.none = 0.5, .full = 0.75};
constexpr Sign kOutlined{.none = 0.03, .full = 0.08};
// Renderings and colourful nature look alike: never certain.
constexpr double kRenderedAtMost = 0.7;
// Little changes and nothing moves.
constexpr Sign kQuiet{.none = 7, .full = 2};
constexpr Sign kSlow{.none = 0.003, .full = 0.001};

// Means over the looks of a shot, in the units of model::ShotComplexity; shares
// are 0..1.
struct Means {
  double flat, sharp, aligned, dark, saturated, second_hue, noise;
  // 0 for shots without a step from frame to frame:
  double ti, motion, still, grain;
  bool has_steps;
};

double Mean(const Looks& looks, uint16_t FrameComplexity::*value,
            double units) {
  if (looks.empty()) return 0;
  int64_t sum = 0;
  for (const FrameComplexity* look : looks) sum += look->*value;
  return static_cast<double>(sum) / (units * static_cast<double>(looks.size()));
}

// Those that tell of noise: without quiet blocks there is no word on it.
Looks Telling(const Looks& looks) {
  Looks telling;
  std::copy_if(looks.begin(), looks.end(), std::back_inserter(telling),
               [](const FrameComplexity* look) { return look->quiet > 0; });
  return telling;
}

double Largest(const Looks& looks, uint16_t FrameComplexity::*value,
               double units) {
  int largest = 0;
  for (const FrameComplexity* look : looks)
    largest = std::max<int>(largest, look->*value);
  return largest / units;
}

constexpr double kLevel = 16;
constexpr double kWhole = FrameComplexity::kWhole;

struct Score {
  std::string_view name;
  double value;
};

double Least(std::initializer_list<double> signs) { return std::min(signs); }

double Animation(const Means& m) {
  const double rendered = Least({kRenderedAtMost, kSaturatedColors(m.saturated),
                                 kSecondHue(m.second_hue), kFocused(m.sharp)});
  const double drawn = Least({kUniform(m.flat), kOutlined(m.sharp)});
  return Least({kClean(m.noise), std::max(rendered, drawn)});
}

// Those that say most about how to encode a shot come first.
std::array<Score, 6> Scores(const Means& m) {
  const double steps = m.has_steps ? 1 : 0;
  return {{{"screen",
            Least({steps, kAlignedEdges(m.aligned), kStillBlocks(m.still)})},
           {"film-grain", Least({steps, kGrainy(m.grain)})},
           {"dark", kDarkPicture(m.dark)},
           {"sport", Least({steps, kFast(m.motion), kChanging(m.ti)})},
           {"animation", Animation(m)},
           {"low-motion", Least({steps, kQuiet(m.ti), kSlow(m.motion)})}}};
}

void Classify(const Means& means, model::ShotComplexity& shot) {
  double best = 0;
  for (const Score& score : Scores(means)) {
    if (score.value >= kClear) {
      shot.content_class = score.name;
      shot.confidence = score.value;
      return;
    }
    best = std::max(best, score.value);
  }
  shot.content_class = "general";
  shot.confidence = 1 - best;
}

model::ShotComplexity Describe(const Looks& pictures, const Looks& steps,
                               int width) {
  using F = FrameComplexity;
  const double lengths = 16.0 * width;
  model::ShotComplexity shot{
      .si = Largest(pictures, &F::si, kLevel),
      .ti = Largest(steps, &F::ti, kLevel),
      .motion = {.mean = Mean(steps, &F::motion, lengths),
                 .spread = Mean(steps, &F::spread, lengths),
                 .coherence = Mean(steps, &F::coherence, kWhole)},
      .texture = Mean(pictures, &F::texture, kLevel),
      .darkness = Mean(pictures, &F::dark, kWhole),
      .grain = Mean(Telling(steps), &F::grain, kLevel),
      .residual = Mean(steps, &F::residual, kLevel)};
  Classify({.flat = Mean(pictures, &F::flat, kWhole),
            .sharp = Mean(pictures, &F::sharp, kWhole),
            .aligned = Mean(pictures, &F::aligned, kWhole),
            .dark = shot.darkness,
            .saturated = Mean(pictures, &F::saturated, kWhole),
            .second_hue = Mean(pictures, &F::second_hue, kWhole),
            .noise = Mean(Telling(pictures), &F::noise, kLevel),
            .ti = Mean(steps, &F::ti, kLevel),
            .motion = shot.motion.mean,
            .still = Mean(steps, &F::still, kWhole),
            .grain = shot.grain,
            .has_steps = !steps.empty()},
           shot);
  return shot;
}

// The look nearest to `frame`; null if there is none at all.
const FrameComplexity* Nearest(std::span<const FrameComplexity> frames,
                               int64_t frame) {
  const FrameComplexity* nearest = nullptr;
  const auto distance = [&](const FrameComplexity& look) {
    return std::abs(&look - frames.data() - frame);
  };
  for (const FrameComplexity& look : frames) {
    if (look.look == Look::kNone) continue;
    if (!nearest || distance(look) < distance(*nearest)) nearest = &look;
  }
  return nearest;
}

}  // namespace

model::ShotComplexity DescribeComplexity(
    std::span<const FrameComplexity> frames, model::FrameRange shot,
    int width) {
  REEL_CHECK(shot.first_frame >= 0 && shot.first_frame < shot.end_frame &&
             shot.end_frame <= std::ssize(frames) && width >= 1);
  Looks pictures, steps;
  for (int64_t i = shot.first_frame; i < shot.end_frame; ++i) {
    const FrameComplexity& frame = frames[static_cast<size_t>(i)];
    if (frame.look == Look::kNone) continue;
    pictures.push_back(&frame);
    // The step into a shot's first frame is the cut.
    if (frame.look == Look::kPair && i > shot.first_frame)
      steps.push_back(&frame);
  }
  if (!pictures.empty()) return Describe(pictures, steps, width);
  if (const FrameComplexity* nearest = Nearest(frames, shot.first_frame))
    pictures.push_back(nearest);
  model::ShotComplexity described = Describe(pictures, {}, width);
  described.content_class = "general";
  described.confidence = 0;
  return described;
}

}  // namespace reel::shots
