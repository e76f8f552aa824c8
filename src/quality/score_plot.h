// A drawing of scores over frames: SVG that needs nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace reel::quality {

struct PlotLine {
  std::string name;             // for the legend
  std::vector<int64_t> frames;  // [n], increasing
  std::vector<double> scores;   // [n], 0..100
};

// One line each, with a legend above them. The vertical axis begins at a round
// number below the lowest score. Where many frames share a column of the
// drawing, the lowest and highest of them are drawn.
//   title  a line of text
std::string PlotScores(const std::string& title,
                       std::span<const PlotLine> lines);

}  // namespace reel::quality
