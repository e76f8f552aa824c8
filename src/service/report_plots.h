// The drawings of report.html: SVG that needs no script. Colours are the
// classes of html_page.cc's style sheet: series-0 … series-5. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/encoded.h"
#include "model/report.h"

namespace reel::service {

// Shots as blocks over the title's time, segment starts as ticks below them,
// findings as marks above. Empty if there are no shots.
std::string PlotShots(const model::Report& report,
                      std::span<const model::VideoTrackFile> tracks);

// Bit rate of each segment over time, one step line per track.
// Empty if no track has a segment.
std::string PlotBitrates(std::span<const model::VideoTrackFile> tracks);

// One horizontal bar per (name, value), in the order given; `labels` stand
// behind the bars. Empty if there are none.
struct Bar {
  std::string name;
  double value = 0;
  std::string label;
};
std::string PlotBars(const std::vector<Bar>& bars);

}  // namespace reel::service
