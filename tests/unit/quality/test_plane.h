// Planes in memory to measure.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "media/picture.h"

namespace reel::quality {

// Samples of f(x, y). Rows are `width` + 3 apart; what lies between is noise.
template <typename Sample>
class TestPlane {
 public:
  TestPlane(int width, int height, const std::function<int(int, int)>& f)
      : width_(width), height_(height) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width + 3; ++x)
        samples_.push_back(
            static_cast<Sample>(x < width ? f(x, y) : 7919 * (x + y)));
    }
  }
  media::Plane plane() const {
    return {reinterpret_cast<const uint8_t*>(samples_.data()),
            static_cast<ptrdiff_t>(sizeof(Sample)) * (width_ + 3), width_,
            height_, static_cast<int>(sizeof(Sample))};
  }

 private:
  int width_, height_;
  std::vector<Sample> samples_;
};

}  // namespace reel::quality
