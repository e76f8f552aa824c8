// How regularly frames follow each other.
#pragma once

#include <cstdint>
#include <vector>

#include "model/frames.h"

namespace reel::inspect {

// Before `frame`, the time stamps leave room for `missing` frames.
struct Gap {
  int64_t frame = 0;
  int64_t missing = 0;
};

// A distance is that of a frame to the one before. It is typical when it is
// within a tenth (and at least a tick: containers round) of the typical one.
struct Cadence {
  bool steady = true;     // at least 95 % of the distances are typical
  int64_t deviating = 0;  // distances that are not typical
  int64_t uneven = 0;    // … off by more than a quarter and no whole multiple
  int64_t shortest = 0;  // ticks
  int64_t longest = 0;
  std::vector<Gap> gaps;
  // Frames that come early or late; neither gaps nor steps back.
  std::vector<int64_t> irregular;
};

// A late frame between two that are on time makes no gap: a gap delays the
// frames after it too.
//   frame_ticks  typical distance, >= 1
// Pure.
Cadence FindCadence(const model::FrameTable& frames, int64_t frame_ticks);

}  // namespace reel::inspect
