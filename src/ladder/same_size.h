// Rungs, probes and encodes are of one size or not.
#pragma once

namespace reel::ladder {

// Both have a width and a height.
bool IsOfSize(const auto& a, const auto& b) {
  return a.width == b.width && a.height == b.height;
}

}  // namespace reel::ladder
