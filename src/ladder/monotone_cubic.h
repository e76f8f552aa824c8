// Cubics through points that rise or fall, without overshooting them.
// Source: Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5 (1984), after
// Fritsch and Carlson (1980); known as PCHIP.
#pragma once

#include <span>
#include <vector>

namespace reel::ladder {

// The slopes of y over x at every point: inside the weighted harmonic means of
// the neighbouring secants, 0 where these differ in sign; at the ends those of
// the parabolas through the three outermost points, 0 where they turn back,
// and no steeper than three secants. Of two points the secant. Pure.
//   x  [n >= 2], increasing
//   y  [n]
std::vector<double> MonotoneSlopes(std::span<const double> x,
                                   std::span<const double> y);

struct Knot {
  double x = 0;
  double y = 0;
  double slope = 0;
};
// The cubic that has the values and slopes of two knots; from.x < to.x.
double Hermite(const Knot& from, const Knot& to, double x);

}  // namespace reel::ladder
