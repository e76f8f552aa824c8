// Still pictures for thumbnails: baseline JPEG by libavcodec's mjpeg encoder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"

namespace reel::media {

// 8-bit 4:2:0, limited range; even sizes up to 16384. Planes are tightly
// packed: luma, then Cb, then Cr.
struct StillPicture {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> samples;  // [SampleCount(width, height)]
};
// Samples of a picture of an even, positive size.
size_t SampleCount(int width, int height);

// A black picture. `width` and `height` are even and positive.
StillPicture MakeBlackPicture(int width, int height);

// Copies `tile` to (`left`, `top`) of `sheet`, both even; it must fit.
void PastePicture(const StillPicture& tile, int left, int top,
                  StillPicture& sheet);

// A JFIF file; equal pictures give equal bytes.
//   quality  libavcodec's quantiser scale, 1 (best) .. 31
// Errors: kInvalidArgument for a picture of another shape, kUnsupported.
base::Result<std::vector<uint8_t>> EncodeJpeg(const StillPicture& picture,
                                              int quality);

}  // namespace reel::media
