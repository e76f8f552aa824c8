// Whole pictures in memory, for code that is read more than run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "media/picture.h"

namespace reel::quality::scalar {

template <typename T>
class Image {
 public:
  Image(int width, int height)
      : width_(width),
        height_(height),
        samples_(static_cast<size_t>(width) * static_cast<size_t>(height)) {}
  int width() const { return width_; }
  int height() const { return height_; }
  T& At(int x, int y) { return samples_[Index(x, y)]; }
  const T& At(int x, int y) const { return samples_[Index(x, y)]; }

 private:
  size_t Index(int x, int y) const {
    return static_cast<size_t>(y) * static_cast<size_t>(width_) +
           static_cast<size_t>(x);
  }
  int width_;
  int height_;
  std::vector<T> samples_;
};

// value(x, y) everywhere.
template <typename T, typename Value>
Image<T> MakeImage(int width, int height, Value value) {
  Image<T> image(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      image.At(x, y) = static_cast<T>(value(x, y));
  return image;
}

template <typename T>
Image<T> ImageOf(const media::Plane& plane) {
  return MakeImage<T>(plane.width, plane.height, [&](int x, int y) {
    const uint8_t* line = plane.data + y * plane.stride_bytes;
    return plane.bytes_per_sample == 1
               ? line[x]
               : reinterpret_cast<const uint16_t*>(line)[x];
  });
}

}  // namespace reel::quality::scalar
