#include "media/fingerprinter.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace reel::media {
namespace {

constexpr int kColumns = 64;
constexpr int kRows = 40;
constexpr int kCells = kColumns * kRows;
// Cells are kept in 1/64 of a level, so that they fit in 16 bits with a sign.
constexpr int kCellsPerLevel = 64;
// sqrt(2560) * 64 / 32, rounded: from a sum of cells to 1/32 of a level.
constexpr int kProjectionDivisor = 101;

using Grid = std::array<int16_t, kCells>;
using Signs = std::array<Grid, model::kFingerprintProjections>;

// The signs are part of the format: docs/formats/fingerprints.md. SplitMix64
// (Steele, Lea, Flood 2014), one bit a sign, lowest first.
Signs MakeSigns() {
  Signs signs;
  uint64_t state = 0, bits = 0;
  int left = 0;
  for (Grid& row : signs) {
    for (int16_t& sign : row) {
      if (left == 0) {
        state += 0x9E3779B97F4A7C15u;
        bits = state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
        bits ^= bits >> 31;
        left = 64;
      }
      sign = bits & 1 ? 1 : -1;
      bits >>= 1;
      --left;
    }
  }
  return signs;
}

// Adds rows [y, y_end) of the plane to `sums`, each `weight` times.
template <typename Sample>
void AddRows(const Plane& plane, int y, int y_end, uint32_t weight,
             uint32_t* sums) {
  for (; y < y_end; ++y) {
    const auto* row =
        reinterpret_cast<const Sample*>(plane.data + y * plane.stride_bytes);
    for (int x = 0; x < plane.width; ++x) sums[x] += weight * row[x];
  }
}

// Sums of band r of kRows, per column. A row counts kRows times, and the rows
// that the band shares with its neighbours as often as their part in it, so
// that bands are equally high in pictures of any height: cells cut at whole
// samples lie elsewhere in a rendition than in its source, which a slow pan
// turns into a shift in time.
template <typename Sample>
void SumBand(const Plane& plane, int r, std::vector<uint32_t>& sums) {
  const int top = r * plane.height, bottom = top + plane.height;
  const int first = top / kRows, last = bottom / kRows;
  const auto begin = static_cast<uint32_t>(top % kRows);
  const auto end = static_cast<uint32_t>(bottom % kRows);
  std::fill(sums.begin(), sums.end(), 0u);
  if (first == last) {
    AddRows<Sample>(plane, first, first + 1, end - begin, sums.data());
    return;
  }
  AddRows<Sample>(plane, first, last, 1, sums.data());
  for (uint32_t& sum : sums) sum *= kRows;
  // Unsigned arithmetic wraps, and wraps back: a weight may be negative.
  AddRows<Sample>(plane, first, first + 1, 0u - begin, sums.data());
  if (end > 0) AddRows<Sample>(plane, last, last + 1, end, sums.data());
}

// Mean of a cell in 1/64 of a level of limited range; its samples' weights add
// up to `weight`.
int16_t CellValue(uint64_t sum, uint64_t weight, int depth, bool full_range) {
  const uint64_t one = uint64_t{1} << (depth - 8);
  const uint64_t value = sum * kCellsPerLevel / (weight * one);
  if (!full_range) return static_cast<int16_t>(value);
  return static_cast<int16_t>(16 * kCellsPerLevel + value * 219 / 255);
}

// Integral of `sums` up to `x`, in 1/kColumns of a column.
class Integral {
 public:
  explicit Integral(const std::vector<uint32_t>& sums) : sums_(sums) {}
  // `x` must not decrease from call to call.
  uint64_t UpTo(size_t x) {
    for (; next_ < x / kColumns; ++next_) whole_ += sums_[next_];
    const size_t part = x % kColumns;
    return whole_ * kColumns + (part > 0 ? part * sums_[next_] : 0);
  }

 private:
  const std::vector<uint32_t>& sums_;
  size_t next_ = 0;
  uint64_t whole_ = 0;  // of columns before next_
};

void FillGrid(const Picture& picture, std::vector<uint32_t>& sums, Grid& grid) {
  const Plane luma = picture.plane(0);
  const auto width = static_cast<size_t>(luma.width);
  const auto height = static_cast<size_t>(luma.height);
  sums.resize(width);
  for (int r = 0; r < kRows; ++r) {
    if (luma.bytes_per_sample == 1) {
      SumBand<uint8_t>(luma, r, sums);
    } else {
      SumBand<uint16_t>(luma, r, sums);
    }
    Integral integral(sums);
    uint64_t before = 0;
    for (size_t c = 0; c < kColumns; ++c) {
      const uint64_t after = integral.UpTo((c + 1) * width);
      grid[static_cast<size_t>(r) * kColumns + c] =
          CellValue(after - before, width * height, picture.bit_depth(),
                    picture.full_range());
      before = after;
    }
  }
}

int16_t Project(const Grid& grid, const Grid& signs) {
  int32_t sum = 0;
  for (int i = 0; i < kCells; ++i) {
    const auto k = static_cast<size_t>(i);
    sum += static_cast<int32_t>(grid[k]) * signs[k];
  }
  return static_cast<int16_t>(
      std::clamp(sum / kProjectionDivisor, -32768, 32767));
}

uint16_t Mean(const Grid& grid) {
  int64_t sum = 0;
  for (const int16_t cell : grid) sum += cell;
  return static_cast<uint16_t>(
      std::min<int64_t>(sum * 256 / kCellsPerLevel / kCells, 65535));
}

uint16_t Change(const Grid& a, const Grid& b) {
  int64_t sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return static_cast<uint16_t>(
      std::min<int64_t>(sum * 256 / kCellsPerLevel / kCells, 65535));
}

}  // namespace

struct Fingerprinter::State {
  std::vector<uint32_t> sums;  // of a row of cells, per column of samples
  Grid grid{};
  Grid before{};
  bool first = true;
};

Fingerprinter::Fingerprinter() : state_(std::make_unique<State>()) {}
Fingerprinter::Fingerprinter(Fingerprinter&&) noexcept = default;
Fingerprinter& Fingerprinter::operator=(Fingerprinter&&) noexcept = default;
Fingerprinter::~Fingerprinter() = default;

model::Fingerprint Fingerprinter::Next(const Picture& picture) {
  static const Signs signs = MakeSigns();
  State& s = *state_;
  std::swap(s.grid, s.before);
  FillGrid(picture, s.sums, s.grid);
  model::Fingerprint fingerprint;
  std::transform(signs.begin(), signs.end(), fingerprint.projection.begin(),
                 [&](const Grid& row) { return Project(s.grid, row); });
  fingerprint.mean = Mean(s.grid);
  if (!s.first) fingerprint.change = Change(s.grid, s.before);
  s.first = false;
  return fingerprint;
}

}  // namespace reel::media
