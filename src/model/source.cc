#include "model/source.h"

#include <algorithm>
#include <utility>

namespace reel::model {
namespace {

// A hostile aspect ratio must not make a picture of a million columns.
constexpr int64_t kMaxSide = 16384;

}  // namespace

Size DisplaySize(const VideoTrack& track) {
  int64_t width = track.width;
  int64_t height = track.height;
  const base::Rational aspect = track.sample_aspect;
  if (aspect.num > 0 && aspect.den > 0) {
    if (aspect.num > aspect.den) {
      width = base::Rescale(width, aspect, {1, 1});
    } else {
      height = base::Rescale(height, base::Inverse(aspect), {1, 1});
    }
  }
  if (track.rotation_degrees % 180 != 0) std::swap(width, height);
  return {static_cast<int>(std::min(width, kMaxSide)),
          static_cast<int>(std::min(height, kMaxSide))};
}

}  // namespace reel::model
