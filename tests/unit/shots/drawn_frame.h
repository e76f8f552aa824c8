// Frames whose luma is drawn by a function, for tests of what looks at them.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "media/frame_reader.h"
#include "media/handles.h"

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace reel::shots {

// Levels of the format's own depth.
using Draw = std::function<int(int x, int y)>;

// Full range; chroma is grey.
inline media::Picture DrawnPicture(int width, int height, const Draw& draw,
                                   AVPixelFormat format = AV_PIX_FMT_YUV420P) {
  auto frame = media::MakeFrame().value();
  frame->format = format;
  frame->width = width;
  frame->height = height;
  frame->color_range = AVCOL_RANGE_JPEG;
  REEL_CHECK(av_frame_get_buffer(frame.get(), 0) == 0);
  media::Picture picture(std::move(frame));
  for (int p = 0; p < picture.planes(); ++p) {
    const media::Plane plane = picture.plane(p);
    uint8_t* const data = picture.frame().data[p];
    const int grey = 1 << (picture.bit_depth() - 1);
    for (int y = 0; y < plane.height; ++y) {
      uint8_t* const line = data + y * plane.stride_bytes;
      for (int x = 0; x < plane.width; ++x) {
        const int level = p == 0 ? draw(x, y) : grey;
        if (plane.bytes_per_sample == 1) {
          line[x] = static_cast<uint8_t>(level);
        } else {
          reinterpret_cast<uint16_t*>(line)[x] = static_cast<uint16_t>(level);
        }
      }
    }
  }
  return picture;
}

// Random levels with detail of several sizes, as pictures have: something to
// follow when it moves. Repeats itself beyond its side.
class Texture {
 public:
  explicit Texture(uint32_t seed) : levels_(kSide * kSide, 0) {
    std::mt19937 rng(seed);
    for (const int size : {8, 16, 64}) AddPatches(size, rng);
  }
  int At(int x, int y) const { return levels_[Index(x, y)]; }

 private:
  static constexpr int kSide = 512;
  static size_t Index(int x, int y) {
    return static_cast<size_t>((y & (kSide - 1)) * kSide + (x & (kSide - 1)));
  }

  // Random levels up to 80 every `size` samples, straight in between.
  void AddPatches(int size, std::mt19937& rng) {
    std::vector<int> corners(kSide * kSide);
    for (int& level : corners) level = static_cast<int>(rng() % 80);
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const int left = x / size * size, top = y / size * size;
        const int right = x % size, down = y % size;
        const auto at = [&](int dx, int dy) {
          return corners[Index(left + dx * size, top + dy * size)];
        };
        const int upper = at(0, 0) * (size - right) + at(1, 0) * right;
        const int lower = at(0, 1) * (size - right) + at(1, 1) * right;
        levels_[Index(x, y)] +=
            (upper * (size - down) + lower * down) / (size * size);
      }
    }
  }

  std::vector<int> levels_;
};

// Normal noise of mean 0 and the given deviation, in whole levels.
class Noise {
 public:
  Noise(uint32_t seed, double deviation) : rng_(seed), normal_(0, deviation) {}
  int operator()() { return static_cast<int>(std::lround(normal_(rng_))); }

 private:
  std::mt19937 rng_;
  std::normal_distribution<double> normal_;
};

}  // namespace reel::shots
