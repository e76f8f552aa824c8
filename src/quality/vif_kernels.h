// VIF (Sheikh and Bovik 2006) as integers, one scale at a time: what depends on
// the reference, then what depends on both pictures. scalar/vif.cc says what is
// computed; here it is done in one pass over rows with the best vectors that
// the machine has. Results do not depend on them.
//
// Filters are sums of products of 16-bit pairs (pmaddwd and its like). Samples,
// and words of wider numbers, are shifted to be centred on zero, and the sums
// put right afterwards; all of it exact modulo 2^32. Pictures go through a ring
// of row pairs: one vector holds two rows of every even column, the next those
// of the odd columns, so that products along columns and along rows both need
// no shuffles.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "quality/buffers.h"
#include "quality/vif_sums.h"

namespace reel::quality {

inline constexpr int kVifMaxReach = 8;  // of the 17 taps
// Columns that the narrowest vectors take at once; wider ones take more.
inline constexpr size_t kVifMinGroup = 8;

// What one scale of the reference leaves to be scored against: for each group
// of columns, row by row, whether it has detail, and what is known of those
// that have. A group holds the even columns, then the odd ones.
struct VifReferenceScale {
  size_t stride = 0;         // columns per row
  Buffer<uint32_t> mean;     // weighted, in 2^-24 levels (of 8 bit)
  Buffer<int32_t> variance;  // in 2^-16 squared levels
  Buffer<uint8_t> detailed;  // of each group: whether any pixel is not flat
  VifSums sums;              // den_log and flat_pixels

  uint8_t* detailed_row(int y) {
    return detailed.data() + static_cast<size_t>(y) * (stride / kVifMinGroup);
  }
  const uint8_t* detailed_row(int y) const {
    return detailed.data() + static_cast<size_t>(y) * (stride / kVifMinGroup);
  }
  base::Status Allocate(int width, int height);
};

// Rows in work, for one thread.
class VifScratch {
 public:
  base::Status Allocate(int width);

  // Row pairs of reference and distorted picture, as a ring.
  static constexpr int kRingPairs = kVifMaxReach + 1;
  uint16_t* ring(int picture, int pair) {
    return rings_.data() +
           static_cast<size_t>(picture * kRingPairs + pair) * 2 * padded_;
  }
  // Rows filtered along columns.
  static constexpr int kRows = 10;
  int16_t* row(int index) { return rows_.row(index); }
  uint8_t* cross() { return cross_.data(); }  // of each group

 private:
  size_t padded_ = 0;
  Buffer<uint8_t> cross_;
  Buffer<uint16_t> rings_;
  PaddedRows<int16_t> rows_;
};

// `next` is the picture of the scale below, or null at the last one.
void VifReference(int scale, const PictureView& picture, VifScratch& scratch,
                  VifReferenceScale& out, OwnPlane<uint16_t>* next);
// All sums: those of the reference, and num_log and flat_variance.
VifSums VifScore(int scale, const PictureView& reference_picture,
                 const VifReferenceScale& reference,
                 const PictureView& distorted, double gain_limit,
                 VifScratch& scratch, OwnPlane<uint16_t>* next);

// FixedLog2::Of of numbers from 2^15 on, as kernels compute it; for its test.
std::vector<int32_t> FixedLog2s(std::span<const int32_t> numbers);

}  // namespace reel::quality
