#include "shots/small_picture.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "base/result.h"

namespace reel::shots {
namespace {

// So many lines of a cell tell enough; reading all would cost several times
// more than everything else here.
constexpr int kLinesPerCell = 5;

// [first, end) of cell `index` of `cells` over `size` samples, never empty.
struct Extent {
  int first;
  int end;
};
Extent CellExtent(int index, int cells, int size) {
  const int first = std::min(index * size / cells, size - 1);
  return {first, std::max((index + 1) * size / cells, first + 1)};
}

// Plain pointers: compilers make vector code of it.
template <typename Sample, typename Sum>
void AddLine(const Sample* line, Sum* sums, size_t width) {
  for (size_t x = 0; x < width; ++x)
    sums[x] = static_cast<Sum>(sums[x] + line[x]);
}

// Sums of the lines of a cell row. `Sum` holds kLinesPerCell + 1 samples.
template <typename Sample, typename Sum>
void CellMeansOf(const media::Plane& plane, int bit_depth, int columns,
                 int rows, std::span<int16_t> means) {
  std::vector<Sum> sums(static_cast<size_t>(plane.width));
  size_t at = 0;
  for (int row = 0; row < rows; ++row) {
    const Extent lines = CellExtent(row, rows, plane.height);
    const int step = std::max((lines.end - lines.first) / kLinesPerCell, 1);
    std::fill(sums.begin(), sums.end(), 0);
    int64_t added = 0;
    for (int y = lines.first; y < lines.end; y += step, ++added) {
      const auto* line =
          reinterpret_cast<const Sample*>(plane.data + y * plane.stride_bytes);
      AddLine(line, sums.data(), sums.size());
    }
    for (int column = 0; column < columns; ++column) {
      const Extent cell = CellExtent(column, columns, plane.width);
      const uint32_t sum = std::accumulate(
          sums.begin() + cell.first, sums.begin() + cell.end, uint32_t{0});
      const int64_t samples = added * (cell.end - cell.first)
                              << (bit_depth - 8);
      means[at++] =
          static_cast<int16_t>((int64_t{sum} * kLevel + samples / 2) / samples);
    }
  }
}

}  // namespace

void CellMeans(const media::Plane& plane, int bit_depth, int columns, int rows,
               std::span<int16_t> means) {
  REEL_CHECK(plane.width > 0 && plane.height > 0);
  plane.bytes_per_sample == 1
      ? CellMeansOf<uint8_t, uint16_t>(plane, bit_depth, columns, rows, means)
      : CellMeansOf<uint16_t, uint32_t>(plane, bit_depth, columns, rows, means);
}

SmallPicture MakeSmallPicture(const media::Picture& picture) {
  using P = SmallPicture;
  SmallPicture small;
  CellMeans(picture.plane(0), picture.bit_depth(), P::kColumns, P::kRows,
            small.luma);
  if (picture.planes() == 3) {
    CellMeans(picture.plane(1), picture.bit_depth(), P::kChromaColumns,
              P::kChromaRows, small.cb);
    CellMeans(picture.plane(2), picture.bit_depth(), P::kChromaColumns,
              P::kChromaRows, small.cr);
  } else {
    small.cb.fill(128 * kLevel);
    small.cr.fill(128 * kLevel);
  }
  return small;
}

namespace {

// Whether `count` samples, `step` apart, are one level and the same in both.
bool IsBar(const SmallPicture& a, const SmallPicture& b, int first, int step,
           int count) {
  const int16_t level = a.luma[static_cast<size_t>(first)];
  for (int i = 0; i < count; ++i) {
    const size_t at = static_cast<size_t>(first + i * step);
    if (std::abs(a.luma[at] - level) > kLevel ||
        std::abs(b.luma[at] - level) > kLevel) {
      return false;
    }
  }
  return true;
}

}  // namespace

ActiveArea FindActiveArea(const SmallPicture& a, const SmallPicture& b) {
  using P = SmallPicture;
  const auto row_is_bar = [&](int row) {
    return IsBar(a, b, row * P::kColumns, 1, P::kColumns);
  };
  const auto column_is_bar = [&](int column) {
    return IsBar(a, b, column, P::kColumns, P::kRows);
  };
  ActiveArea area;
  while (area.first_row < P::kRows * 3 / 8 && row_is_bar(area.first_row))
    ++area.first_row;
  while (area.end_row > P::kRows * 5 / 8 && row_is_bar(area.end_row - 1))
    --area.end_row;
  while (area.first_column < P::kColumns * 3 / 8 &&
         column_is_bar(area.first_column))
    ++area.first_column;
  while (area.end_column > P::kColumns * 5 / 8 &&
         column_is_bar(area.end_column - 1))
    --area.end_column;
  return area;
}

SmallPicture Stretch(const SmallPicture& picture, const ActiveArea& area) {
  using P = SmallPicture;
  const int rows = area.end_row - area.first_row;
  const int columns = area.end_column - area.first_column;
  SmallPicture stretched = picture;
  size_t at = 0;
  for (int y = 0; y < P::kRows; ++y) {
    const int from = (area.first_row + y * rows / P::kRows) * P::kColumns;
    for (int x = 0; x < P::kColumns; ++x) {
      const int column = area.first_column + x * columns / P::kColumns;
      stretched.luma[at++] = picture.luma[static_cast<size_t>(from + column)];
    }
  }
  return stretched;
}

}  // namespace reel::shots
