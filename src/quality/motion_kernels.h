// VMAF's motion as integers: the mean magnitude of a blurred difference of two
// frames. scalar/motion.cc says what is computed; here it runs over two rows at
// a time with the best vectors that the machine has. Results do not depend on
// them.
#pragma once

#include <cstdint>

#include "quality/buffers.h"

namespace reel::quality {

// Rows in work, for one thread: of words.
class MotionScratch {
 public:
  base::Status Allocate(int width) {
    return rows_.Allocate(kRows, static_cast<size_t>(width));
  }

  static constexpr int kRows = 4;
  int16_t* row(int index) { return rows_.row(index); }

 private:
  PaddedRows<int16_t> rows_;
};

// The sum of |blur(previous - current)| in 1/256 of a level of an 8-bit
// picture: see MotionOfSum.
uint64_t MotionSum(const PictureView& previous, const PictureView& current,
                   MotionScratch& scratch);

}  // namespace reel::quality
