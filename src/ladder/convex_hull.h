// The upper left convex hull of encodes: the best quality that any mix of them
// gives for its rate. Pure.
//
// A mix of two encodes is what a film gets whose shots take one or the other:
// rate and quality are those of a point between them. So a shot is best encoded
// as a point of its hull (Aaron et al., "Per-title encode optimization", 2015;
// Katsavounidis and Guo, "Video codec comparison using the dynamic optimizer
// framework", SPIE 10752, 2018).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ladder/rate_point.h"

namespace reel::ladder {

// Indices of the hull's points by rising rate, from the cheapest point to the
// best. A point is on the hull if no other one, and no mix of two others, has
// at most its rate and at least its quality; of equal points the first counts
// alone. So quality rises along the hull, by ever less a bit. Points that are
// not finite are never on it.
std::vector<size_t> ConvexHull(std::span<const RatePoint> points);

}  // namespace reel::ladder
