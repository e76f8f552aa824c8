#include "shots/noise_map.h"

#include <algorithm>
#include <cstdlib>

namespace reel::shots {
namespace {

// Sums of magnitudes, in quarters of a level. The first samples are those left
// of the first magnitude.
template <typename Sample>
int32_t SumOfLaplacians(const Sample* above, const Sample* line,
                        const Sample* below, size_t count) {
  int32_t sum = 0;
  for (size_t x = 0; x < count; ++x) {
    const int corners = above[x] + above[x + 2] + below[x] + below[x + 2];
    const int sides = above[x + 1] + below[x + 1] + line[x] + line[x + 2];
    sum += std::abs(corners - 2 * sides + 4 * line[x + 1]);
  }
  return sum * (4 / LineTriple<Sample>::kLevel);
}

// From a mean magnitude, which is 6 sigma sqrt(2 / pi) for normal noise, in
// quarters of a level to sigma in sixteenths: 4 sqrt(pi / 2) / 6.
constexpr int64_t kSigma = 8355, kSigmaOf = 10000;

}  // namespace

NoiseMap::NoiseMap(int width, int height)
    : across_(static_cast<size_t>(width / kSide)),
      blocks_(across_ * static_cast<size_t>(height / kSide)) {}

template <typename Sample>
void NoiseMap::See(int y, const LineTriple<Sample>& lines) {
  const size_t row = static_cast<size_t>(y / kSide) * across_;
  if (row >= blocks_.size()) return;
  for (size_t column = 0; column < across_; ++column) {
    const size_t first = std::max<size_t>(column * kSide, 1) - 1;
    const size_t end =
        std::min((column + 1) * kSide, lines.line.size() - 1) - 1;
    Block& block = blocks_[row + column];
    block.sum +=
        SumOfLaplacians(lines.above.data() + first, lines.line.data() + first,
                        lines.below.data() + first, end - first);
    block.samples += static_cast<int32_t>(end - first);
  }
}

int NoiseMap::Sigma(size_t index) const {
  const Block& block = blocks_[index];
  if (block.samples == 0) return 0;
  return static_cast<int>(block.sum * kSigma / (block.samples * kSigmaOf));
}

template void NoiseMap::See(int, const LineTriple<uint8_t>&);
template void NoiseMap::See(int, const LineTriple<uint16_t>&);

}  // namespace reel::shots
