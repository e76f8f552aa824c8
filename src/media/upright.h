// Turning planar pictures by right angles.
#pragma once

#include "base/result.h"
#include "media/handles.h"

namespace reel::media {

// `frame`, planar YUV or gray, turned clockwise by 0, 90, 180 or 270 degrees;
// by 0 it is the same. A quarter turn makes 4:2:2 into 4:4:0 and back.
// Errors: kUnsupported when libav has no format for the result (4:1:1).
base::Result<Frame> TurnClockwise(Frame frame, int degrees);

}  // namespace reel::media
