// VMAF's motion as integers: the mean magnitude of a blurred difference of two
// frames. scalar/motion.cc says what is computed; here it runs over two rows at
// a time with the best vectors that the machine has. Results do not depend on
// them.
#pragma once

#include <cstdint>

#include "quality/buffers.h"

namespace reel::quality {

// Rows in work, for one thread.
class MotionScratch {
 public:
  base::Status Allocate(int width);

  // Of words; may be read a vector to the left and right of the width.
  static constexpr int kRows = 4;
  int16_t* row(int index) {
    return rows_.data() + static_cast<size_t>(index) * stride_ + kMargin;
  }

 private:
  static constexpr size_t kMargin = kVectorBytes / sizeof(int16_t);
  size_t stride_ = 0;
  Buffer<int16_t> rows_;
};

// The sum of |blur(previous - current)| in 1/256 of a level of an 8-bit
// picture: see MotionOfSum.
uint64_t MotionSum(const PictureView& previous, const PictureView& current,
                   MotionScratch& scratch);

}  // namespace reel::quality
