#include "ladder/monotone_cubic.h"

#include <cmath>

#include "base/result.h"

namespace reel::ladder {
namespace {

struct Piece {
  double width = 0;
  double secant = 0;
};

double InnerSlope(const Piece& before, const Piece& after) {
  if (before.secant * after.secant <= 0) return 0;
  const double a = 2 * after.width + before.width;
  const double b = after.width + 2 * before.width;
  return (a + b) / (a / before.secant + b / after.secant);
}

double EndSlope(const Piece& outer, const Piece& inner) {
  const double slope = ((2 * outer.width + inner.width) * outer.secant -
                        outer.width * inner.secant) /
                       (outer.width + inner.width);
  if (slope * outer.secant <= 0) return 0;
  const double steepest = 3 * outer.secant;
  return std::abs(slope) > std::abs(steepest) ? steepest : slope;
}

}  // namespace

std::vector<double> MonotoneSlopes(std::span<const double> x,
                                   std::span<const double> y) {
  REEL_CHECK(x.size() >= 2 && x.size() == y.size());
  std::vector<Piece> pieces;
  for (size_t i = 0; i + 1 < x.size(); ++i) {
    const double width = x[i + 1] - x[i];
    pieces.push_back({width, (y[i + 1] - y[i]) / width});
  }
  const size_t n = pieces.size();
  if (n == 1) return {pieces[0].secant, pieces[0].secant};
  std::vector<double> slopes{EndSlope(pieces[0], pieces[1])};
  for (size_t i = 0; i + 1 < n; ++i)
    slopes.push_back(InnerSlope(pieces[i], pieces[i + 1]));
  slopes.push_back(EndSlope(pieces[n - 1], pieces[n - 2]));
  return slopes;
}

double Hermite(const Knot& from, const Knot& to, double x) {
  const double width = to.x - from.x;
  const double t = (x - from.x) / width, u = 1 - t;
  return u * u * ((1 + 2 * t) * from.y + t * width * from.slope) +
         t * t * ((1 + 2 * u) * to.y - u * width * to.slope);
}

}  // namespace reel::ladder
