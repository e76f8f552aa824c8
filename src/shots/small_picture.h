// A picture reduced to what cut detection looks at.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "media/picture.h"

namespace reel::shots {

// Means and differences are kept in sixteenths of an 8-bit level.
inline constexpr int kLevel = 16;

// Mean of each cell of a `columns` x `rows` grid over `plane`, rows first.
// Of high cells only some lines are read. Planes smaller than the grid repeat
// their samples.
//   bit_depth  8..16, of the samples
//   means      [columns * rows]
void CellMeans(const media::Plane& plane, int bit_depth, int columns, int rows,
               std::span<int16_t> means);

// 64 x 36 luma means in blocks of 8 x 6, of which there are 8 x 6; and a few
// chroma means.
struct SmallPicture {
  static constexpr int kColumns = 64, kRows = 36;
  static constexpr int kBlockColumns = 8, kBlockRows = 6;
  static constexpr int kBlocksAcross = kColumns / kBlockColumns;
  static constexpr int kBlocksDown = kRows / kBlockRows;
  static constexpr int kBlocks = kBlocksAcross * kBlocksDown;

  static constexpr int kChromaColumns = 4, kChromaRows = 3;
  static constexpr int kChromaCells = kChromaColumns * kChromaRows;

  std::array<int16_t, kColumns * kRows> luma{};
  std::array<int16_t, kChromaCells> cb{}, cr{};
};

SmallPicture MakeSmallPicture(const media::Picture& picture);

// The part of a small picture inside its bars.
struct ActiveArea {
  int first_column = 0, end_column = SmallPicture::kColumns;
  int first_row = 0, end_row = SmallPicture::kRows;
  friend bool operator==(const ActiveArea&, const ActiveArea&) = default;
};
// What is left when the flat and equal edges of both pictures are taken away,
// but never less than a fourth of each side.
ActiveArea FindActiveArea(const SmallPicture& a, const SmallPicture& b);
// The luma of `area` stretched over the whole of a small picture.
SmallPicture Stretch(const SmallPicture& picture, const ActiveArea& area);

}  // namespace reel::shots
