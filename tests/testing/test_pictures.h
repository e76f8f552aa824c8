// Luma planes for tests of quality: the extremes that arithmetic may overflow
// on, and noise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/picture.h"

namespace reel::testing {

// A plane with its samples. Bytes `padding` follow each line but the last,
// where the memory ends: reading them is noticed.
class TestPicture {
 public:
  using Level = std::function<uint32_t(int x, int y)>;
  TestPicture(int width, int height, int bit_depth, const Level& level,
              uint8_t padding = 0xA5)
      : width_(width), height_(height), bytes_(bit_depth > 8 ? 2 : 1) {
    const size_t line = static_cast<size_t>(width * bytes_);
    const size_t stride = line + kPaddingBytes;
    samples_.assign(stride * static_cast<size_t>(height - 1) + line, padding);
    for (int y = 0; y < height; ++y) {
      uint8_t* const row = samples_.data() + static_cast<size_t>(y) * stride;
      for (int x = 0; x < width; ++x) {
        const uint32_t sample = level(x, y);
        if (bytes_ == 1) {
          row[x] = static_cast<uint8_t>(sample);
        } else {
          reinterpret_cast<uint16_t*>(row)[x] = static_cast<uint16_t>(sample);
        }
      }
    }
  }
  media::Plane plane() const {
    return {samples_.data(), ptrdiff_t{width_} * bytes_ + kPaddingBytes, width_,
            height_, bytes_};
  }

 private:
  static constexpr int kPaddingBytes = 6;
  int width_;
  int height_;
  int bytes_;
  std::vector<uint8_t> samples_;
};

struct TestPattern {
  std::string name;
  TestPicture::Level level;
};

// White noise: 32 random bits of a place.
inline uint32_t NoiseAt(uint32_t seed, int x, int y) {
  uint32_t bits = seed ^ (static_cast<uint32_t>(x) * 0x9E3779B1U) ^
                  (static_cast<uint32_t>(y) * 0x85EBCA77U);
  for (int i = 0; i < 2; ++i) bits = (bits ^ (bits >> 15)) * 0x2C1B3C6DU;
  return bits ^ (bits >> 16);
}

// Levels 0 to 2^bit_depth - 1, functions of the place alone. Noise and the
// place of the impulse are by `seed`.
inline std::vector<TestPattern> TestPatterns(int width, int height,
                                             int bit_depth, uint32_t seed) {
  const uint32_t max = (1U << bit_depth) - 1;
  const auto stripes = [max](int x, int period) {
    return x % period < period / 2 ? 0 : max;
  };
  const int at_x = static_cast<int>(seed % static_cast<uint32_t>(width));
  const int at_y = static_cast<int>(seed / 7 % static_cast<uint32_t>(height));
  const uint32_t dark = max / 2 - (2U << (bit_depth - 8));
  const uint32_t faint = 4U << (bit_depth - 8);
  return {
      {"Black", [](int, int) { return 0U; }},
      {"White", [max](int, int) { return max; }},
      {"Checkerboard", [=](int x, int y) { return stripes(x + y, 2); }},
      {"Columns", [=](int x, int) { return stripes(x, 2); }},
      {"Rows", [=](int, int y) { return stripes(y + 1, 2); }},
      {"WideColumns", [=](int x, int) { return stripes(x, 4); }},
      {"WideRows", [=](int, int y) { return stripes(y + 1, 4); }},
      {"Blocks", [=](int x, int y) { return stripes(x / 8 + y / 8, 2); }},
      {"Half", [=](int x, int) { return x < width / 2 ? 0 : max; }},
      {"Impulse",
       [=](int x, int y) { return x == at_x && y == at_y ? max : 0; }},
      {"Ramp",
       [=](int x, int y) {
         return static_cast<uint32_t>(uint64_t{max} *
                                      static_cast<uint64_t>(x + y) /
                                      static_cast<uint64_t>(width + height));
       }},
      {"Noise",
       [=](int x, int y) { return NoiseAt(seed, x, y) >> (32 - bit_depth); }},
      {"FaintNoise",
       [=](int x, int y) { return dark + NoiseAt(seed + 1, x, y) % faint; }},
      {"TwoLevels", [=](int x, int y) {
         return (NoiseAt(seed + 2, x, y) & 1U) != 0 ? max : 0;
       }}};
}

}  // namespace reel::testing
