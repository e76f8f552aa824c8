// Bounds of what quality takes, checked once where it comes in: behind these,
// no arithmetic overflows and nothing is read outside a plane.
#pragma once

#include <string>

#include "base/result.h"
#include "media/picture.h"
#include "quality/frame_scorer.h"

namespace reel::quality {

// Errors, of each: kInvalidArgument, saying what is taken.
base::Status CheckFormat(const Format& format);
//   name  what the message calls it, "the distorted picture"
base::Status CheckPlane(const Format& format, const media::Plane& plane,
                        const std::string& name);
// 1 to 100 each.
base::Status CheckGainLimits(const GainLimits& limits);

}  // namespace reel::quality
