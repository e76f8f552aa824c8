// Visual information fidelity: how much of the information that a viewer gets
// from the reference he still gets from the distorted picture (H. R. Sheikh and
// A. C. Bovik, "Image Information and Visual Quality", IEEE Trans. Image
// Processing 15(2), 2006; the pixel-domain form with one Gaussian window per
// scale). In the fixed-point arithmetic of libvmaf's integer extractor, whose
// roundings are part of the definition: leaving them out moves VMAF by up to
// 0.1.
//
// At each scale the distorted picture D is seen, in a window around each pixel,
// as a gain g of the reference R plus noise of variance sv; the eye adds noise
// N to both. Then the information is
//   of R:     den = sum log2(1 + s1 / N)
//   of D:     num = sum log2(1 + g^2 s1 / (sv + N))
// with s1 the variance of R in the window. The ratio is the score.
#pragma once

#include <array>

#include "media/picture.h"
#include "quality/vif_sums.h"

namespace reel::quality::scalar {

struct VifScores {
  std::array<double, kVifScales> num{}, den{}, ratio{};
};

// Of two pictures of one size, 32x32 or larger.
//   bit_depth   8..16; samples are below 2^bit_depth
//   gain_limit  g is at most this: 100 for VMAF, 1 for NEG
VifScores Vif(const media::Plane& reference, const media::Plane& distorted,
              int bit_depth, double gain_limit);

}  // namespace reel::quality::scalar
