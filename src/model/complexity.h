// How much there is to encode in a shot, and of which kind it is: for people to
// read, and to compare like with like. Nothing is decided by it.
#pragma once

#include <string>

#include "base/json.h"

namespace reel::model {

// How blocks of the picture move from one frame to the next. Lengths are shares
// of the picture's width, per frame.
struct ShotMotion {
  double mean = 0;       // length
  double spread = 0;     // length of what differs from the mean vector
  double coherence = 0;  // 0 (every way, or nothing moves) .. 1 (all one way)
  friend bool operator==(const ShotMotion&, const ShotMotion&) = default;
};

// Levels are those of 8 bits, 0..255.
struct ShotComplexity {
  double si = 0;  // spatial and temporal information (Rec. ITU-T P.910)
  double ti = 0;
  ShotMotion motion;
  double texture = 0;   // mean deviation within blocks of 32 x 32, levels
  double darkness = 0;  // share of the picture that is nearly black, 0..1
  double grain = 0;     // standard deviation of noise that changes, levels
  double residual = 0;  // what motion does not explain, levels per sample
  // "animation", "low-motion", "film-grain", "sport", "dark", "screen"; or
  // "general" when nothing speaks clearly.
  std::string content_class = "general";
  double confidence = 0;  // 0..1: how clearly
  friend bool operator==(const ShotComplexity&,
                         const ShotComplexity&) = default;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ShotMotion, mean, spread, coherence)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ShotComplexity, si, ti, motion, texture,
                                   darkness, grain, residual, content_class,
                                   confidence)

}  // namespace reel::model
