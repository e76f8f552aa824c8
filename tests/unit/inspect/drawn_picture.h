// Pictures drawn by a function of place, for tests of what is measured.
#pragma once

#include <functional>

#include "media/handles.h"
#include "media/picture.h"

namespace reel::inspect {

// 8 bits, 4:2:0, limited range. Values of luma by place; Cb and Cr constant.
inline media::Picture DrawnPicture(int width, int height,
                                   const std::function<int(int, int)>& luma,
                                   int cb = 128, int cr = 128) {
  media::Frame frame =
      media::MakeFrameWithPlanes(AV_PIX_FMT_YUV420P, width, height).value();
  frame->color_range = AVCOL_RANGE_MPEG;
  for (int p = 0; p < 3; ++p) {
    const int shift = p == 0 ? 0 : 1;
    for (int y = 0; y < height >> shift; ++y) {
      for (int x = 0; x < width >> shift; ++x) {
        const int value = p == 0 ? luma(x, y) : p == 1 ? cb : cr;
        frame->data[p][y * frame->linesize[p] + x] =
            static_cast<uint8_t>(value);
      }
    }
  }
  return media::Picture(std::move(frame));
}

}  // namespace reel::inspect
