// Does a rendition show the source's frames, each once, in order? Judged from
// fingerprints alone.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/fingerprint.h"

namespace reel::model {

// One place where a rendition does not show what it should.
struct FrameMismatch {
  int64_t frame = 0;   // of the rendition, counted from the first of the span
  int64_t shows = -1;  // the source frame it looks like, or -1: none near
  std::string what;    // "shows source frame 17 instead of 16"
};

// Holds fingerprints of a decoded rendition against the source's.
//   source     [n] of the frames that should be shown, in order
//   rendition  [m]; m != n is itself a mismatch
// Empty when all is well. Pure.
std::vector<FrameMismatch> MatchFingerprints(
    std::span<const Fingerprint> source,
    std::span<const Fingerprint> rendition);

// How many frames of `source` differ from the frame before them by less than
// any encode has to keep, so that fingerprints cannot tell the two apart.
int64_t CountIndistinct(std::span<const Fingerprint> source);

}  // namespace reel::model
