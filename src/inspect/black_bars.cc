#include "inspect/black_bars.h"

namespace reel::inspect {
namespace {

constexpr int kStep = 4;
constexpr int kMostAbove = 14;  // levels of 8 bits
constexpr int kMeanAbove = 8;
constexpr int kOneIn = 50;

struct Black {
  int level = 0;  // code value
  int one = 1;    // a level of 8 bits in code values
};

// Samples `step_bytes` apart, `count` of them.
template <typename Sample>
bool IsBlack(const uint8_t* at, ptrdiff_t step_bytes, int count, Black black) {
  const int most = black.level + kMostAbove * black.one;
  int64_t sum = 0;
  int bright = 0;
  for (int i = 0; i < count; ++i, at += step_bytes) {
    const int value = *reinterpret_cast<const Sample*>(at);
    sum += value;
    bright += value > most;
    if (bright * kOneIn > count) return false;
  }
  return sum <= int64_t{count} * (black.level + kMeanAbove * black.one);
}

// How many lines from `first` on, `step_bytes` apart, are black.
template <typename IsLineBlack>
uint16_t CountWhile(int lines, IsLineBlack is_black) {
  int n = 0;
  while (n < lines && is_black(n)) ++n;
  return static_cast<uint16_t>(n);
}

template <typename Sample>
Bars Find(const media::Plane& plane, Black black) {
  const auto row = [&](int y) {
    return IsBlack<Sample>(plane.data + y * plane.stride_bytes,
                           kStep * ptrdiff_t{sizeof(Sample)},
                           (plane.width + kStep - 1) / kStep, black);
  };
  Bars bars;
  bars.top = CountWhile(plane.height, row);
  if (bars.top == plane.height) {
    bars.left = static_cast<uint16_t>(plane.width);
    return bars;
  }
  bars.bottom = CountWhile(plane.height,
                           [&](int n) { return row(plane.height - 1 - n); });
  // Columns are judged between the black rows only.
  const int lines = plane.height - bars.top - bars.bottom;
  const auto column = [&](int x) {
    return IsBlack<Sample>(plane.data + bars.top * plane.stride_bytes +
                               x * ptrdiff_t{sizeof(Sample)},
                           kStep * plane.stride_bytes,
                           (lines + kStep - 1) / kStep, black);
  };
  bars.left = CountWhile(plane.width, column);
  bars.right = CountWhile(plane.width - bars.left,
                          [&](int n) { return column(plane.width - 1 - n); });
  return bars;
}

}  // namespace

Bars FindBars(const media::Picture& picture) {
  const int one = 1 << (picture.bit_depth() - 8);
  const Black black{picture.full_range() ? 0 : 16 * one, one};
  const media::Plane luma = picture.plane(0);
  return luma.bytes_per_sample == 1 ? Find<uint8_t>(luma, black)
                                    : Find<uint16_t>(luma, black);
}

}  // namespace reel::inspect
