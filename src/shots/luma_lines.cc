#include "shots/luma_lines.h"

#include <algorithm>

namespace reel::shots {
namespace {

constexpr int kLeastLines = 45;

template <typename Sample>
constexpr int kDepth = sizeof(Sample) == 1 ? 8 : 10;

}  // namespace

std::vector<int> SampledLines(int height) {
  const int step = std::max(height / kLeastLines, 1);
  std::vector<int> lines;
  for (int y = 1 + step / 2; y + 1 < height; y += step) lines.push_back(y);
  return lines;
}

template <typename Sample>
LineReader<Sample>::LineReader(const media::Plane& plane, int bit_depth)
    : plane_(plane), bit_depth_(bit_depth) {
  REEL_CHECK(plane.bytes_per_sample == int{sizeof(Sample)});
  if (bit_depth != kDepth<Sample>)
    converted_.resize(3 * static_cast<size_t>(plane.width));
}

template <typename Sample>
LineTriple<Sample> LineReader<Sample>::ReadTriple(int y, int apart) {
  return {At(y - apart, 0), At(y, 1), At(y + apart, 2)};
}

template <typename Sample>
std::span<const Sample> LineReader<Sample>::At(int y, size_t slot) {
  const auto width = static_cast<size_t>(plane_.width);
  const auto* const samples =
      reinterpret_cast<const Sample*>(plane_.data + y * plane_.stride_bytes);
  if (converted_.empty()) return {samples, width};
  Sample* const line = converted_.data() + slot * width;
  const int up = std::max(kDepth<Sample> - bit_depth_, 0);
  const int down = std::max(bit_depth_ - kDepth<Sample>, 0);
  for (size_t x = 0; x < width; ++x)
    line[x] = static_cast<Sample>((samples[x] << up) >> down);
  return {line, width};
}

template class LineReader<uint8_t>;
template class LineReader<uint16_t>;

}  // namespace reel::shots
