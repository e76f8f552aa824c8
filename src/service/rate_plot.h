// A drawing of encodes: rate along a logarithmic axis against quality. SVG that
// needs nothing else. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ladder/ladder.h"

namespace reel::service {

struct RateSeries {
  enum class Kind {
    kProbes,  // small dots
    kHull,    // a line
    kRungs,   // marks, with their labels beside them
    kCurve,   // a line with dots: one of several that are compared
  };
  Kind kind = Kind::kProbes;
  std::string name;  // for the legend: "1280x720"
  // [n], any order. Those that no axis can show are left out: not finite, rates
  // outside of 1 bit/s … 1 Tbit/s, qualities beyond a million.
  std::vector<ladder::RatePoint> points;
  // [n] or empty. What a reader sees who points at the mark; of rungs, drawn.
  std::vector<std::string> labels;
};

// Series in the order given, later ones above earlier ones; probes and curves
// have a colour each, hulls and rungs are dark.
//   title    a line of text
//   quality  what the vertical axis shows: "VMAF", "PSNR (dB)"
std::string PlotRates(const std::string& title, const std::string& quality,
                      std::span<const RateSeries> series);

}  // namespace reel::service
