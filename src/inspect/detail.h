// How fine the detail of a picture is: the spectrum of its sharpest edges.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "inspect/black_bars.h"
#include "media/picture.h"

namespace reel::inspect {

// Of the windows of 64 samples with the strongest edges, within the bars: along
// rows and along columns. All 0 where the picture is too small for a window.
// The discrete Fourier transform under Hann's window, in samples of 8 bits.
// Pure.
Detail MeasureDetail(const media::Picture& picture, const Bars& bars);

// The share of the band, 0 to 1, above which a spectrum has nothing but the
// noise of its coding: where a steep fall of `spectrum` (3.6 dB a band and
// more) ends in a floor. What was enlarged falls so at the band's end of the
// smaller picture; lenses and film fall off gently. 1 where there is no such
// floor, or no edge to judge by. Pure.
double DetailLimit(const Spectrum& spectrum);

}  // namespace reel::inspect
