// Memory that kernels work on: aligned for vectors, never cleared between uses.
#pragma once

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace reel::quality {

// The widest vector of any target, in bytes. Rows are padded to it.
inline constexpr size_t kVectorBytes = 64;

// Rounds up to whole vectors of 16-bit samples.
constexpr size_t PadToVector(size_t samples) {
  constexpr size_t kLanes = kVectorBytes / sizeof(uint16_t);
  return (samples + kLanes - 1) / kLanes * kLanes;
}

template <typename T>
class Buffer {
 public:
  // Errors: kResourceExhausted.
  base::Status Allocate(size_t count) {
    data_ = hwy::AllocateAligned<T>(count);
    if (data_ != nullptr) return {};
    return base::Fail(base::Code::kResourceExhausted,
                      "out of memory: use fewer threads or smaller pictures");
  }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }

 private:
  hwy::AlignedFreeUniquePtr<T[]> data_;
};

// A picture that kernels read: a source's luma, or one made smaller.
struct PictureView {
  const void* data = nullptr;  // uint8_t if bit_depth is 8, else uint16_t
  ptrdiff_t stride_bytes = 0;
  int width = 0;
  int height = 0;
  int bit_depth = 8;
};

// A plane of samples in memory of ours; rows start aligned and may be read up
// to `stride`.
template <typename T>
struct OwnPlane {
  int width = 0;
  int height = 0;
  size_t stride = 0;  // samples
  Buffer<T> buffer;

  base::Status Allocate(int w, int h) {
    width = w;
    height = h;
    stride = PadToVector(static_cast<size_t>(w));
    return buffer.Allocate(stride * static_cast<size_t>(h));
  }
  T* row(int y) { return buffer.data() + static_cast<size_t>(y) * stride; }
  const T* row(int y) const {
    return buffer.data() + static_cast<size_t>(y) * stride;
  }
};

// Rows in work. Each may be read kMargin elements to the left of its width and
// twice as many to the right.
template <typename T>
class PaddedRows {
 public:
  // Errors: kResourceExhausted.
  base::Status Allocate(int rows, size_t width) {
    stride_ = PadToVector(width) + 3 * kMargin;
    return buffer_.Allocate(static_cast<size_t>(rows) * stride_);
  }
  T* row(int index) {
    return buffer_.data() + static_cast<size_t>(index) * stride_ + kMargin;
  }

 private:
  static constexpr size_t kMargin = kVectorBytes / sizeof(int16_t);
  size_t stride_ = 0;
  Buffer<T> buffer_;
};

}  // namespace reel::quality
