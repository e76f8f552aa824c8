// What `reel compare` tells people. Pure.
#pragma once

#include <string>

#include "ladder/ladder.h"

namespace reel::cli {

// A table: a line per title, then the mean of each class of content and of all.
//   anchor, test  names of the recipes
std::string FormatComparison(const ladder::Comparison& comparison,
                             const std::string& anchor,
                             const std::string& test);

// Two curves of rate and quality, as an SVG document.
//   metric  "VMAF" or "PSNR (dB)"; quality  the member that it is
std::string PlotComparison(const ladder::ComparedTitle& title,
                           const std::string& anchor, const std::string& test,
                           const std::string& metric,
                           double ladder::CodedLadder::Point::*quality);

}  // namespace reel::cli
