// Peak signal-to-noise ratio.
#pragma once

#include <vector>

#include "base/result.h"
#include "media/picture.h"

namespace reel::quality {

// 10 log10(peak² / mean squared error) of two planes in dB, peak being
// 2^bit_depth - 1; at most 6 * bit_depth + 12, which identical planes have (as
// in libvmaf). Errors: kInvalidArgument if the planes differ in form.
base::Result<double> Psnr(const media::Plane& reference,
                          const media::Plane& distorted, int bit_depth);
// Of each plane: luma, then chroma if there is any. Errors: as above, also for
// pictures that differ in bit depth or chroma.
base::Result<std::vector<double>> Psnr(const media::Picture& reference,
                                       const media::Picture& distorted);

}  // namespace reel::quality
