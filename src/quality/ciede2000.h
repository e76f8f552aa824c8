// Colour difference: CIEDE2000 (Sharma, Wu, Dalal 2005).
#pragma once

#include "base/result.h"
#include "media/picture.h"

namespace reel::quality {

struct Lab {
  float l = 0.0F;  // 0..100
  float a = 0.0F;
  float b = 0.0F;
};

// The parametric factors of lightness, chroma and hue.
struct ColourFactors {
  float l = 1.0F, c = 1.0F, h = 1.0F;
};

// The colour difference of two colours.
float Ciede2000(const Lab& first, const Lab& second,
                const ColourFactors& factors);

// As libvmaf scores pictures: 45 - 20 log10(mean difference), with factors
// 0.65, 1 and 4 and samples taken for BT.709 of limited range, whatever they
// are; a chroma sample counts for all luma samples it covers. Higher is better;
// infinite for identical pictures.
// Errors: kInvalidArgument for pictures of different form, or without chroma.
base::Result<double> Ciede2000Score(const media::Picture& reference,
                                    const media::Picture& distorted);

}  // namespace reel::quality
