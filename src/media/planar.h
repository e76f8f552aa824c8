// Any decoded picture as planar YUV or gray of 8 to 16 bit in native byte
// order, the only kinds that a Picture holds.
#pragma once

#include "base/result.h"
#include "media/handles.h"

namespace reel::media {

bool IsRgb(AVPixelFormat format);
int BitDepth(AVPixelFormat format);

// What `format` becomes: itself without its alpha plane or "full range" in its
// name where that is enough, else planar YUV of 8 or 10 bit with chroma no
// coarser than it was. AV_PIX_FMT_NONE becomes yuv420p.
AVPixelFormat PlanarFormat(AVPixelFormat format);

// Not for use from several threads.
class PlanarConverter {
 public:
  // Shares the pixels when they are planar already; else converts them, RGB by
  // the BT.709 matrix to limited range. Errors: kUnsupported (a format that
  // libswscale cannot read), kResourceExhausted.
  base::Result<Frame> Convert(Frame frame);

 private:
  ScaleContext context_;
  AVPixelFormat format_ = AV_PIX_FMT_NONE;  // that context_ reads
  int width_ = 0;
  int height_ = 0;
};

}  // namespace reel::media
