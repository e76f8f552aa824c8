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

// Hands out parts of memory that it does not own, or only counts them.
class Lender {
 public:
  Lender() = default;
  // Aligned for vectors.
  explicit Lender(std::byte* memory) : memory_(memory) {}

  std::byte* Lend(size_t bytes) {
    std::byte* part = memory_ == nullptr ? nullptr : memory_ + lent_;
    lent_ += bytes;
    return part;
  }
  size_t lent() const { return lent_; }

 private:
  std::byte* memory_ = nullptr;
  size_t lent_ = 0;
};

// Part of a plane: columns from first_column, a multiple of kVectorBytes, and
// rows from first_row on.
struct PlanePart {
  int first_column = 0;
  int first_row = 0;
  int columns = 0;
  int rows = 0;
};

// A plane of samples, or a part of one, in memory of ours; rows start aligned
// and may be read up to `stride`.
template <typename T>
struct OwnPlane {
  int width = 0;
  int height = 0;
  size_t stride = 0;  // samples

  base::Status Allocate(int w, int h) {
    return Allocate(w, h, {.columns = w, .rows = h});
  }
  // Of which only a part is ever touched.
  base::Status Allocate(int w, int h, const PlanePart& part) {
    REEL_TRY(buffer_.Allocate(SetUp(w, h, part)));
    start_ = buffer_.data();
    return {};
  }
  // In memory that is to outlive this.
  void Borrow(Lender& lender, int w, int h) {
    const size_t count = SetUp(w, h, {.columns = w, .rows = h});
    start_ = reinterpret_cast<T*>(lender.Lend(count * sizeof(T)));
  }
  // To be indexed by the columns of the whole plane.
  T* row(int y) { return start_ + Offset(y); }
  const T* row(int y) const { return start_ + Offset(y); }

 private:
  size_t SetUp(int w, int h, const PlanePart& part) {
    width = w;
    height = h;
    part_ = part;
    stride = PadToVector(static_cast<size_t>(part.columns));
    return stride * static_cast<size_t>(part.rows);
  }
  ptrdiff_t Offset(int y) const {
    return (y - part_.first_row) * static_cast<ptrdiff_t>(stride) -
           part_.first_column;
  }

  PlanePart part_;
  Buffer<T> buffer_;
  T* start_ = nullptr;  // of the part
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
