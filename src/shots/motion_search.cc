#include "shots/motion_search.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace reel::shots {
namespace {

using P = SmallPicture;
constexpr int kFirstStep = (kSearch + 1) / 2;
constexpr int kSamples = P::kBlockColumns * P::kBlockRows;
constexpr int kPaddedColumns = P::kColumns + 2 * kSearch;
constexpr int kPaddedRows = P::kRows + 2 * kSearch;
using Padded = std::array<int16_t, kPaddedColumns * kPaddedRows>;

// `picture` with its edges repeated on all sides, so that no position of the
// search leaves it.
Padded Pad(const SmallPicture& picture) {
  Padded padded;
  for (int y = 0; y < kPaddedRows; ++y) {
    const int from = std::clamp(y - kSearch, 0, P::kRows - 1) * P::kColumns;
    for (int x = 0; x < kPaddedColumns; ++x) {
      padded[y * kPaddedColumns + x] =
          picture.luma[from + std::clamp(x - kSearch, 0, P::kColumns - 1)];
    }
  }
  return padded;
}

const int16_t* BlockAt(const SmallPicture& picture, int block) {
  const int row = block / P::kBlocksAcross, column = block % P::kBlocksAcross;
  return picture.luma.data() + row * P::kBlockRows * P::kColumns +
         column * P::kBlockColumns;
}

// Summed per column first, in 16 bits: the shape that compilers turn into
// vector code. 6 rows of differences below 4096 fit.
int Sad(const int16_t* now, const int16_t* before) {
  std::array<uint16_t, P::kBlockColumns> sums{};
  for (int y = 0; y < P::kBlockRows; ++y) {
    for (int x = 0; x < P::kBlockColumns; ++x) {
      const int16_t up = static_cast<int16_t>(now[x] - before[x]);
      const int16_t down = static_cast<int16_t>(before[x] - now[x]);
      sums[x] = static_cast<uint16_t>(sums[x] + std::max(up, down));
    }
    now += P::kColumns;
    before += kPaddedColumns;
  }
  int sum = 0;
  for (const uint16_t column : sums) sum += column;
  return sum;
}

}  // namespace

BlockValues MatchBlocks(const SmallPicture& before, const SmallPicture& now) {
  const Padded padded = Pad(before);
  BlockValues residuals;
  for (int block = 0; block < P::kBlocks; ++block) {
    const int16_t* const at = BlockAt(now, block);
    const int16_t* const home =
        padded.data() +
        (block / P::kBlocksAcross * P::kBlockRows + kSearch) * kPaddedColumns +
        block % P::kBlocksAcross * P::kBlockColumns + kSearch;
    int best = Sad(at, home);
    const int16_t* center = home;
    for (int step = kFirstStep; step > 0; step /= 2) {
      const int16_t* const around = center;
      for (int dy = -step; dy <= step; dy += step) {
        for (int dx = -step; dx <= step; dx += step) {
          const int16_t* const candidate = around + dy * kPaddedColumns + dx;
          const int sad = Sad(at, candidate);
          if (sad < best) best = sad, center = candidate;
        }
      }
    }
    residuals[block] = static_cast<uint16_t>(best / kSamples);
  }
  return residuals;
}

int ShapeResidual(const SmallPicture& before, const SmallPicture& now,
                  int block) {
  const int top = block / P::kBlocksAcross * P::kBlockRows;
  const int left = block % P::kBlocksAcross * P::kBlockColumns;
  const auto difference = [&](int i, int dx, int dy) {
    const int y = top + i / P::kBlockColumns, x = left + i % P::kBlockColumns;
    const int from_y = std::clamp(y + dy, 0, P::kRows - 1);
    const int from_x = std::clamp(x + dx, 0, P::kColumns - 1);
    return now.luma[y * P::kColumns + x] -
           before.luma[from_y * P::kColumns + from_x];
  };
  int best = std::numeric_limits<int>::max();
  for (int dy = -kShapeSearch; dy <= kShapeSearch; ++dy) {
    for (int dx = -kShapeSearch; dx <= kShapeSearch; ++dx) {
      std::array<int, kSamples> differences;
      for (int i = 0; i < kSamples; ++i) differences[i] = difference(i, dx, dy);
      const int mean =
          std::accumulate(differences.begin(), differences.end(), 0) / kSamples;
      int sum = 0;
      for (const int d : differences) sum += std::abs(d - mean);
      best = std::min(best, sum);
    }
  }
  return best / kSamples;
}

BlockTexture MeasureTexture(const SmallPicture& picture) {
  BlockTexture texture;
  for (int block = 0; block < P::kBlocks; ++block) {
    const int16_t* const at = BlockAt(picture, block);
    const auto sample = [at](int i) {
      return at[i / P::kBlockColumns * P::kColumns + i % P::kBlockColumns];
    };
    int sum = 0, deviation = 0;
    for (int i = 0; i < kSamples; ++i) sum += sample(i);
    const int mean = (sum + kSamples / 2) / kSamples;
    for (int i = 0; i < kSamples; ++i) deviation += std::abs(sample(i) - mean);
    texture.mean[block] = static_cast<uint16_t>(mean);
    texture.deviation[block] = static_cast<uint16_t>(deviation / kSamples);
  }
  return texture;
}

}  // namespace reel::shots
