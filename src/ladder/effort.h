// What encoding and measuring take of a core of 2 to 3 GHz, about
// (docs/benchmarks.md). Pure.
#pragma once

#include <string_view>

namespace reel::ladder {

// CPU seconds of x264 for a million pixels at CRF 23 and thereabouts; of a
// preset that it does not know, as of "medium".
double EncodeSecondsPerMegapixel(std::string_view preset);

// Of VMAF, with decoding and scaling, for a million pixels of the source.
inline constexpr double kScoreSecondsPerMegapixel = 0.018;

}  // namespace reel::ladder
