// One decode, many observers.
#pragma once

#include "base/result.h"
#include "media/frame_reader.h"

namespace reel::media {

// Something that looks at every frame of a piece, in presentation order.
class FrameObserver {
 public:
  virtual ~FrameObserver() = default;
  // `frame` is valid during the call; Share its picture to keep it.
  virtual base::Status See(const DecodedFrame& frame) = 0;
};

}  // namespace reel::media
