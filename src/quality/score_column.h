// One number for each frame.
#pragma once

#include <string>
#include <vector>

namespace reel::quality {

struct ScoreColumn {
  std::string name;            // "vmaf", "integer_adm2"
  std::vector<double> values;  // [frames]
};

}  // namespace reel::quality
