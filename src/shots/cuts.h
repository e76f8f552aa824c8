// Tells hard cuts from everything else that changes pictures.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shots/shots.h"

namespace reel::shots {

// First frames of new shots, ascending, none of them 0.
std::vector<int64_t> FindCuts(std::span<const FrameFeatures> features);

}  // namespace reel::shots
