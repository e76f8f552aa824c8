// Sound against picture, by what they show: flashes and beeps, cuts and onsets.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "inspect/sound_check.h"

namespace reel::inspect {

// The picture turns bright (or dark) for one to five frames.
struct Flash {
  double time = 0;  // when its first frame is shown, seconds of the title
  int64_t frame = 0;
  int64_t frames = 0;
};
// Those of 12 levels of mean luma and more, out of frames that stay within a
// quarter of that. In order.
std::vector<Flash> Flashes(const TitleFacts& title);

// A flash and the sound that belongs to it.
struct Pair {
  double picture = 0;  // seconds of the title
  double sound = 0;
};

struct Sync {
  std::vector<Pair> pairs;
  // Seconds that the sound comes late (early: negative) at the first pair, and
  // by which that grows until the last.
  double offset = 0;
  double growth = 0;
  bool beeps = false;  // else onsets of any kind
};

// The sounds that follow the flashes at one distance, or at one that grows
// slowly. Of several distances (leaders repeat), the one with the most pairs,
// then the smallest. nullopt unless it is certain: three pairs and most of the
// flashes and of the sounds between them; or one or two single flashes, with as
// many single beeps of at most 0.15 s (a 2-pop). Pure.
//   flashes, sounds  seconds of the title, in order
//   single           such beeps, not just any sound
std::optional<Sync> MatchEvents(std::span<const double> flashes,
                                std::span<const double> sounds, bool single);

// What the title shows of its sync: by beeps, else by sharp onsets.
std::optional<Sync> FindSync(const TrackFacts& track);

// Natural sound and picture: how much more often onsets come with cuts at one
// distance than at all others.
struct Correlation {
  double offset = 0;  // seconds that the sound comes late
  // Of the number of coincidences there, in standard deviations of chance
  // (Poisson).
  double significance = 0;
  int64_t coincidences = 0;
};
// Distances up to a second. nullopt with fewer than 10 cuts or onsets. Pure.
std::optional<Correlation> Correlate(std::span<const double> cuts,
                                     std::span<const double> onsets,
                                     double seconds);

}  // namespace reel::inspect
