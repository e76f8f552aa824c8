#include <algorithm>

#include "quality/frame_scorer.h"

namespace reel::quality {

std::vector<double> Motion2(std::span<const double> motion) {
  std::vector<double> motion2(motion.begin(), motion.end());
  for (size_t i = 0; i + 1 < motion.size(); ++i)
    motion2[i] = std::min(motion[i], motion[i + 1]);
  if (!motion2.empty()) motion2[0] = 0;
  return motion2;
}

}  // namespace reel::quality
