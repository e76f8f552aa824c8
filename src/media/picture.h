// A decoded picture: planar YUV, upright. Wraps an AVFrame; no libav type is
// named here, so that every stage may look at pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/result.h"

struct AVFrame;

namespace reel::media {

enum class Chroma { kMono, k420, k422, k440, k444, k411, k410 };

// One plane. Samples are uint8_t when bytes_per_sample is 1, else uint16_t in
// native order with the value in the low bits. Nothing after `width` may be
// read.
struct Plane {
  const uint8_t* data = nullptr;
  ptrdiff_t stride_bytes = 0;
  int width = 0;
  int height = 0;
  int bytes_per_sample = 1;
};

// Cheap to move and to Share; pixels are shared and never changed once a
// Picture holds them. A Picture is never empty except after a move.
class Picture {
 public:
  struct Free {
    void operator()(AVFrame* frame) const noexcept;
  };
  using Handle = std::unique_ptr<AVFrame, Free>;

  // Takes a frame in one of the planar YUV formats (or gray) of 8 to 16 bit.
  explicit Picture(Handle frame);
  // A second owner of the same pixels. Errors: kResourceExhausted.
  base::Result<Picture> Share() const;

  int width() const;
  int height() const;
  int bit_depth() const;
  Chroma chroma() const;
  bool full_range() const;  // luma 0..max rather than 16..235 (8-bit scale)
  int planes() const;       // 1 or 3
  Plane plane(int index) const;
  const AVFrame& frame() const { return *frame_; }

 private:
  Handle frame_;
};

}  // namespace reel::media
