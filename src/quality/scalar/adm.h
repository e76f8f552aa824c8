// ADM, the additive-distortion (detail loss) metric: S. Li, F. Zhang, L. Ma,
// K. N. Ngan, "Image Quality Assessment by Separately Evaluating Detail Losses
// and Additive Impairments", IEEE Trans. Multimedia 13(5), 2011, as VMAF uses
// it, in the fixed-point arithmetic of libvmaf's integer extractor.
//
// Both pictures are taken apart by a wavelet of four levels. In each band the
// distorted picture is split into what it restores of the reference, a fraction
// 0..1 of it (all of it where it has the reference's direction: a change of
// contrast), and what it adds. The restored part, weighted by the eye's
// sensitivity and lowered by what the added part masks around it, is held
// against the reference weighted alike: sums of cubes, cube roots, a ratio.
#pragma once

#include "media/picture.h"
#include "quality/adm_sums.h"

namespace reel::quality::scalar {

// Of two pictures of one size, 32x32 or larger.
//   bit_depth   8..16; samples are below 2^bit_depth
//   gain_limit  a change of contrast restores at most this times the reference:
//               100 for VMAF, 1 for NEG
AdmScores Adm(const media::Plane& reference, const media::Plane& distorted,
              int bit_depth, double gain_limit);

}  // namespace reel::quality::scalar
