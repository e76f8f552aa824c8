// What is measured of every picture, once, for all checks that judge pictures:
// numbers only, so that thresholds may change without another decode. A frame's
// numbers depend on itself and the frame before, no more: a title's are the
// same however it is cut into pieces.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "media/picture.h"
#include "model/source.h"

namespace reel::inspect {

// Shares are in 1/65535 of the samples looked at. Levels are code values as if
// of 10 bits (64 is black in limited range), whatever the depth.
inline constexpr int kWholeShare = 65535;
inline constexpr int kLightColumns = 8;
inline constexpr int kLightRows = 6;
inline constexpr size_t kLightCells = size_t{kLightColumns} * kLightRows;

// Rows or columns at an edge that are black from end to end.
struct Bars {
  uint16_t top = 0;
  uint16_t bottom = 0;
  uint16_t left = 0;
  uint16_t right = 0;
  friend bool operator==(const Bars&, const Bars&) = default;
};

// How well lines fit between their neighbours, as mean |above + below - 2 x
// line| in 1/16 of a level of 8 bits: the lines of this picture, or those of
// the picture before put in their place. Saturates; 0 without a picture before.
struct FieldWeave {
  uint16_t own = 0;
  uint16_t field = 0;           // of this picture's lines in their own field
  uint16_t top_earlier = 0;     // the bottom field of the picture before
  uint16_t bottom_earlier = 0;  // the top field of the picture before
  friend bool operator==(const FieldWeave&, const FieldWeave&) = default;
};

// Power in equal bands from 0 to half a cycle per sample, in half decibels
// above 1 (a level of 8 bits, squared).
inline constexpr size_t kSpectrumBands = 16;
using Spectrum = std::array<uint8_t, kSpectrumBands>;
struct Detail {
  Spectrum across{};
  Spectrum down{};
  friend bool operator==(const Detail&, const Detail&) = default;
};

struct PictureStats {
  // Luma levels below which are 0.1, 1, 10, 50, 90, 99 and 99.9 % of the
  // samples.
  enum Percentile { k0_1, k1, k10, k50, k90, k99, k99_9, kPercentiles };
  std::array<uint16_t, kPercentiles> luma{};
  // Shares of luma codes that limited range keeps free: more than 4 levels of 8
  // bits below black, above white.
  uint16_t below_black = 0;
  uint16_t above_white = 0;
  // Shares of colours that are no RGB colour if the matrix is that of BT.601,
  // of BT.709 or of BT.2020; limited range.
  enum Matrix { k601, k709, k2020, kMatrices };
  std::array<uint16_t, kMatrices> outside{};
  uint16_t saturation = 0;  // mean of max(|Cb|, |Cr|) as a level
  uint16_t rgb_peak = 0;    // 99.9 % of max(R', G', B') are below this level
  Bars bars;                // all of the height and width: a black picture
  FieldWeave weave;
  Detail detail;  // of the sharpest edges: inspect/detail.h
  // Of each cell: the square root of relative luminance, 255 at 200 cd/m2.
  std::array<uint8_t, kLightCells> light{};
  // Of each cell: twice 127 x (R - G - B) of its linear colour where that is
  // positive; plus 1 where R / (R + G + B) >= 0.8 (WCAG 2.3.1, saturated red).
  std::array<uint8_t, kLightCells> red{};

  friend bool operator==(const PictureStats&, const PictureStats&) = default;
};

using PictureTable = std::vector<PictureStats>;  // presentation order

// Binary form, little-endian, versioned: docs/formats/picture-table.md.
std::vector<uint8_t> Serialize(const PictureTable& pictures);
// Errors: kCorruptInput.
base::Result<PictureTable> ParsePictureTable(std::span<const uint8_t> bytes);

// Measures pictures that follow each other. Looks at a lattice of some 58,000
// luma and 14,000 chroma samples of each, at some 90 lines for fields, and at
// 48 for detail.
class PictureMeter {
 public:
  // `color` of the source: its matrix and transfer give R', G', B' and light.
  explicit PictureMeter(const model::Color& color);
  PictureMeter(PictureMeter&&) noexcept;
  PictureMeter& operator=(PictureMeter&&) noexcept;
  ~PictureMeter();

  // Errors: kResourceExhausted.
  base::Result<PictureStats> Next(const media::Picture& picture);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace reel::inspect
