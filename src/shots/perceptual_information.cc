#include "shots/perceptual_information.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace reel::shots {
namespace {

// Samples of which sums of squares fit 32 bits, which vectors like.
constexpr size_t kRun = 64;
// Edges within some 7 degrees of a row or column.
constexpr float kAlignedSlope = 8;

// One run of Sobel magnitudes, and whether each is that of an edge along rows
// or columns.
struct Run {
  std::array<int16_t, kRun> magnitudes;
  std::array<int16_t, kRun> aligned;
};

// In floats, for vectors: whole numbers and products up to 2^24, then one sum
// and one square root, which IEEE 754 rounds alike everywhere. A fused product
// changes nothing, since the products are exact. The first samples of all three
// lines are those left of the first magnitude.
template <typename Sample>
void FillRun(const Sample* above, const Sample* line, const Sample* below,
             size_t count, Run& run) {
  constexpr float kScale =
      1.0f * SobelMeter::kUnits / LineTriple<Sample>::kLevel;
  for (size_t x = 0; x < count; ++x) {
    const int across = above[x + 2] - above[x] + 2 * (line[x + 2] - line[x]) +
                       below[x + 2] - below[x];
    const int down = below[x] + 2 * below[x + 1] + below[x + 2] - above[x] -
                     2 * above[x + 1] - above[x + 2];
    const auto dx = static_cast<float>(across), dy = static_cast<float>(down);
    const float magnitude = std::sqrt(dx * dx + dy * dy);
    const float lesser = std::min(std::abs(dx), std::abs(dy));
    run.magnitudes[x] = static_cast<int16_t>(magnitude * kScale);
    run.aligned[x] = lesser * kAlignedSlope <= magnitude;
  }
}

}  // namespace

int64_t SquareRoot(int64_t value) {
  auto root = static_cast<int64_t>(std::sqrt(static_cast<double>(value)));
  while (root * root > value) --root;
  while ((root + 1) * (root + 1) <= value) ++root;
  return root;
}

int64_t Moments::Deviation(int64_t scale) const {
  if (count == 0) return 0;
  constexpr int kBits = 12;  // after the point
  const int64_t mean = (sum << kBits) / count;
  const int64_t mean_square =
      (squares / count << 2 * kBits) + (squares % count << 2 * kBits) / count;
  const int64_t variance = std::max<int64_t>(mean_square - mean * mean, 0);
  return SquareRoot(variance * scale * scale) >> kBits;
}

template <typename Sample>
void SobelMeter::See(const LineTriple<Sample>& lines) {
  if (lines.line.size() < 3) return;
  const size_t end = lines.line.size() - 2;
  Run run;
  for (size_t first = 0; first < end; first += kRun) {
    const size_t count = std::min(kRun, end - first);
    FillRun(lines.above.data() + first, lines.line.data() + first,
            lines.below.data() + first, count, run);
    int32_t sum = 0, squares = 0;
    int16_t flat = 0, sharp = 0, edges = 0, aligned = 0;
    for (size_t x = 0; x < count; ++x) {
      const int16_t value = run.magnitudes[x];
      sum += value;
      squares += value * value;
      flat = static_cast<int16_t>(flat + (value < kFlat));
      sharp = static_cast<int16_t>(sharp + (value > kSharp));
      edges = static_cast<int16_t>(edges + (value > kEdge));
      // No "if": vectors have none.
      aligned =
          static_cast<int16_t>(aligned + ((value > kEdge) & run.aligned[x]));
    }
    magnitudes_.count += static_cast<int64_t>(count);
    magnitudes_.sum += sum;
    magnitudes_.squares += squares;
    flat_ += flat;
    sharp_ += sharp;
    edges_ += edges;
    aligned_ += aligned;
  }
}

template <typename Sample>
void AddDifferences(std::span<const Sample> line,
                    std::span<const Sample> before, Moments& moments) {
  for (size_t first = 0; first < line.size(); first += kRun) {
    const size_t end = std::min(first + kRun, line.size());
    int32_t sum = 0, squares = 0;
    for (size_t x = first; x < end; ++x) {
      const int difference = line[x] - before[x];
      sum += difference;
      squares += difference * difference;
    }
    moments.sum += sum;
    moments.squares += squares;
  }
  moments.count += static_cast<int64_t>(line.size());
}

template void SobelMeter::See(const LineTriple<uint8_t>&);
template void SobelMeter::See(const LineTriple<uint16_t>&);
template void AddDifferences(std::span<const uint8_t>, std::span<const uint8_t>,
                             Moments&);
template void AddDifferences(std::span<const uint16_t>,
                             std::span<const uint16_t>, Moments&);

}  // namespace reel::shots
