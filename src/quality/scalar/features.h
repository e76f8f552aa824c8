// All of VMAF's integer features of one frame, as plainly as they can be
// computed: the definition that kernels must equal to the last bit.
#pragma once

#include "media/picture.h"
#include "quality/frame_scorer.h"

namespace reel::quality::scalar {

// Of two pictures of one size, 32x32 or larger; motion is apart (Motion).
//   bit_depth  8..16; samples are below 2^bit_depth
FrameFeatures Features(const media::Plane& reference,
                       const media::Plane& distorted, int bit_depth,
                       const GainLimits& limits);

}  // namespace reel::quality::scalar
