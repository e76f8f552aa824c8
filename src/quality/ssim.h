// Structural similarity of luma planes, as libvmaf's float extractors define
// it.
//
// In a Gaussian window (11 x 11, sigma 1.5) around each sample that has a whole
// one, means, variances and covariance of both pictures give
//
//   l = (2 m1 m2 + C1) / (m1² + m2² + C1)            luminance
//   c = (2 s1 s2 + C2) / (s1² + s2² + C2)            contrast
//   s = (s12 + C2/2) / (s1 s2 + C2/2)                structure
//
// with C1 = (0.01 * 255)², C2 = (0.03 * 255)² and samples on an 8-bit scale.
#pragma once

#include "base/result.h"
#include "media/picture.h"

namespace reel::quality {

// The mean of l c s (Wang et al. 2004), of pictures reduced so that the smaller
// side is near 256: by k = max(1, round(side / 256)), each sample the mean of
// k x k. 1 is identical; below 0 is possible.
// Errors: kInvalidArgument if the planes differ in form, or a side is below 11.
base::Result<double> Ssim(const media::Plane& reference,
                          const media::Plane& distorted, int bit_depth);

// Multi-scale SSIM (Wang et al. 2003): means of c and s at five scales, each
// half the size of the one before, and of l at the last, to the powers of the
// paper. Errors: as Ssim; a side must be at least kMsSsimMinSide, so that a
// window fits the last scale.
inline constexpr int kMsSsimMinSide = 176;
base::Result<double> MsSsim(const media::Plane& reference,
                            const media::Plane& distorted, int bit_depth);

}  // namespace reel::quality
