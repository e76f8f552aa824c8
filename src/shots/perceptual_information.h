// Spatial and temporal perceptual information of pictures.
// Source: Rec. ITU-T P.910: SI is the standard deviation of a picture's Sobel
// magnitudes, TI that of its difference to the picture before. Here over lines
// that are given one by one, all or some of a picture's.
#pragma once

#include <cstdint>
#include <span>

#include "shots/luma_lines.h"

namespace reel::shots {

// The greatest whole number whose square is at most `value` >= 0.
int64_t SquareRoot(int64_t value);

// Sums of whole numbers, for their standard deviation.
struct Moments {
  int64_t count = 0;
  int64_t sum = 0;
  int64_t squares = 0;
  // `scale` times the standard deviation, rounded down; 0 of nothing. For
  // values up to 2^13, counts up to 2^24 and scales up to 2^5.
  int64_t Deviation(int64_t scale) const;
};

// Sobel magnitudes of a picture.
class SobelMeter {
 public:
  static constexpr int kUnits = 4;  // of a level of 8 bits
  // Less is flat: half of what one step of 8 bits makes.
  static constexpr int kFlat = 2 * kUnits;
  // More is an edge, and a sharp one: a step of 8 levels, or of 48, within a
  // sample or two.
  static constexpr int kEdge = 4 * 8 * kUnits;
  static constexpr int kSharp = 4 * 48 * kUnits;

  // The samples of a line but the first and last.
  template <typename Sample>
  void See(const LineTriple<Sample>& lines);

  const Moments& magnitudes() const { return magnitudes_; }  // in 1/kUnits
  // Samples:
  int64_t flat() const { return flat_; }
  int64_t sharp() const { return sharp_; }
  int64_t edges() const { return edges_; }
  int64_t aligned() const { return aligned_; }  // edges along rows or columns

 private:
  Moments magnitudes_;
  int64_t flat_ = 0;
  int64_t sharp_ = 0;
  int64_t edges_ = 0;
  int64_t aligned_ = 0;
};

// Adds the differences of a line to the same one of the picture before, of one
// width.
template <typename Sample>
void AddDifferences(std::span<const Sample> line,
                    std::span<const Sample> before, Moments& moments);

}  // namespace reel::shots
