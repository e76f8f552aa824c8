// Bjøntegaard delta rate: how many more bits one way of encoding takes than
// another for the same quality. Pure.
//
// The mean distance of two curves of log10(rate) over quality, along the
// qualities that both reach. Sources: G. Bjøntegaard, VCEG-M33 (2001), the
// measure; VCEG-AI11 (2008), its improvement; the sheets of the common test
// conditions JCTVC-L1100 and JVET-T2010, which join the points by piecewise
// cubic Hermite polynomials instead of one cubic; ITU-T HSTP-VID-WPOM (2020),
// how to use it. Slopes at the points as in PCHIP: Fritsch and Carlson, SIAM J.
// Numer. Anal. 17 (1980); Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5
// (1984).
//
// Both functions take points in any order and use the efficient ones alone: a
// point goes where another one has at most its rate and at least its quality.
// What is left rises in rate and quality. Equal points count once.
// Errors: kInvalidArgument if a rate is not positive, a number is not finite,
// fewer than 2 efficient points are left, or the qualities of the two have no
// interval in common.
#pragma once

#include <span>

#include "base/result.h"
#include "ladder/rate_point.h"

namespace reel::ladder {

struct QualityInterval {
  double low = 0;
  double high = 0;  // > low
};

// The qualities over which two curves are compared: a BD-rate over few of those
// that each has says little.
base::Result<QualityInterval> CommonQuality(std::span<const RatePoint> anchor,
                                            std::span<const RatePoint> test);

// The test's rate relative to the anchor's, in percent: -30 where it takes 30 %
// fewer bits.
base::Result<double> BdRate(std::span<const RatePoint> anchor,
                            std::span<const RatePoint> test);

}  // namespace reel::ladder
