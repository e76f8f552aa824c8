// Does a rendition show the source's frames, each once, in order? Judged from
// fingerprints alone.
//
// Coding adds an error that changes slowly, so changes from frame to frame are
// compared rather than the frames. Every place is held against what it would
// look like had frames been exchanged, repeated, skipped, shifted, frozen or
// taken from elsewhere; such an explanation is believed only if it leaves much
// less unexplained than the right order does, measured by how well the
// rendition follows its source all around. A coder that is short of bits holds
// pictures back by itself, so there the proof must be stronger.
// Measurements behind each bound: docs/validation.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/fingerprint.h"
#include "model/shot.h"

namespace reel::model {

// One place where a rendition does not show what it should.
struct FrameMismatch {
  int64_t frame = 0;   // that should be seen, a number of `source`
  int64_t shows = -1;  // the source frame it looks like, or -1: none near
  std::string what;    // "shows the picture 1 later, 12 frames long"
};

// Holds fingerprints of a decoded rendition against the source's.
//   source     of the title or any part of it
//   range      frames of `source` that should be shown; what lies around them
//              helps to tell what is shown instead
//   rendition  [m]; m != range.frames() is itself a mismatch
//   run_ends   where encodes ended inside the range: an encoder takes least
//              care of its last frames, since nothing is predicted from them
// Empty when all is well, else by frame. Takes some 5 kB of memory a frame:
// look at long titles in pieces. Pure.
std::vector<FrameMismatch> MatchFingerprints(
    std::span<const Fingerprint> source, FrameRange range,
    std::span<const Fingerprint> rendition,
    std::span<const int64_t> run_ends = {});

// The same, for a rendition of all of `source`.
std::vector<FrameMismatch> MatchFingerprints(
    std::span<const Fingerprint> source,
    std::span<const Fingerprint> rendition);

// Frames of `source` that differ so little from the frame before that a coder
// short of bits may show that one instead: content does not tell it from a
// repeat.
int64_t CountIndistinct(std::span<const Fingerprint> source);

// Root mean square difference of two frames over the grid, in levels of 8 bits;
// an estimate, see docs/validation.md.
double DistanceLevels(const Fingerprint& a, const Fingerprint& b);

}  // namespace reel::model
