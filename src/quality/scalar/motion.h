// Motion as VMAF sees it: how much the reference changes from frame to frame
// once noise is blurred away (Li et al., "Toward A Practical Perceptual Video
// Quality Metric", Netflix Technology Blog, 2016). The difference of two frames
// is blurred by a Gaussian in whole numbers, as libvmaf 3.2's integer extractor
// does.
#pragma once

#include "media/picture.h"

namespace reel::quality::scalar {

// Mean magnitude of the blurred difference of two pictures of one size, in
// levels of an 8-bit picture: 0 .. 255.
//   bit_depth  8..16; samples are below 2^bit_depth
double Motion(const media::Plane& previous, const media::Plane& current,
              int bit_depth);

}  // namespace reel::quality::scalar
