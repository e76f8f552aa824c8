#include "ladder/bd_rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace reel::ladder {
namespace {

using base::Code;
using base::Fail;
using base::Result;

struct Knot {
  double quality = 0;
  double log_rate = 0;
  double slope = 0;  // of log_rate over quality
};
// [n >= 2], rising in quality and log_rate.
using Curve = std::vector<Knot>;

// The points that no other one makes needless, by rising rate and quality.
std::vector<RatePoint> Efficient(std::span<const RatePoint> points) {
  std::vector<RatePoint> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) {
    return a.rate_bps != b.rate_bps ? a.rate_bps < b.rate_bps
                                    : a.quality > b.quality;
  });
  std::vector<RatePoint> kept;
  for (const RatePoint& point : sorted)
    if (kept.empty() || point.quality > kept.back().quality)
      kept.push_back(point);
  return kept;
}

// From knot i to the next one.
double Width(const Curve& curve, size_t i) {
  return curve[i + 1].quality - curve[i].quality;
}
double Secant(const Curve& curve, size_t i) {
  return (curve[i + 1].log_rate - curve[i].log_rate) / Width(curve, i);
}

// At a knot between pieces `i` - 1 and `i`: the secants' weighted harmonic
// mean.
double InnerSlope(const Curve& curve, size_t i) {
  const double before = 2 * Width(curve, i) + Width(curve, i - 1);
  const double after = Width(curve, i) + 2 * Width(curve, i - 1);
  return (before + after) /
         (before / Secant(curve, i - 1) + after / Secant(curve, i));
}

// At an end: that of the parabola through the three outermost knots, unless it
// falls. The outermost piece is `outer`.
double EndSlope(const Curve& curve, size_t outer, size_t inner) {
  const double a = Width(curve, outer), b = Width(curve, inner);
  const double slope =
      ((2 * a + b) * Secant(curve, outer) - a * Secant(curve, inner)) / (a + b);
  return std::max(0.0, slope);
}

void SetSlopes(Curve& curve) {
  const size_t last = curve.size() - 1;
  if (last == 1) {
    curve[0].slope = curve[1].slope = Secant(curve, 0);
    return;
  }
  curve[0].slope = EndSlope(curve, 0, 1);
  for (size_t i = 1; i < last; ++i) curve[i].slope = InnerSlope(curve, i);
  curve[last].slope = EndSlope(curve, last - 1, last - 2);
}

Result<Curve> MakeCurve(std::span<const RatePoint> points, const char* name) {
  for (const RatePoint& point : points) {
    const bool usable = std::isfinite(point.rate_bps) && point.rate_bps > 0 &&
                        std::isfinite(point.quality);
    if (!usable)
      return Fail(Code::kInvalidArgument,
                  fmt::format("BD-rate: the {} has a point of {} bit/s and "
                              "quality {}; both must be finite, rates positive",
                              name, point.rate_bps, point.quality));
  }
  Curve curve;
  for (const RatePoint& point : Efficient(points))
    curve.push_back({point.quality, std::log10(point.rate_bps)});
  if (curve.size() < 2)
    return Fail(Code::kInvalidArgument,
                fmt::format("BD-rate needs 2 points that rise in rate and "
                            "quality; the {} has {} (of {})",
                            name, curve.size(), points.size()));
  SetSlopes(curve);
  return curve;
}

Result<QualityInterval> CommonInterval(const Curve& anchor, const Curve& test) {
  const QualityInterval common{
      std::max(anchor.front().quality, test.front().quality),
      std::min(anchor.back().quality, test.back().quality)};
  if (common.low < common.high) return common;
  return Fail(Code::kInvalidArgument,
              fmt::format("BD-rate: no qualities in common; the anchor has {} "
                          "to {}, the test {} to {}",
                          anchor.front().quality, anchor.back().quality,
                          test.front().quality, test.back().quality));
}

// The cubic that has the knots' values and slopes.
double Hermite(const Knot& from, const Knot& to, double quality) {
  const double width = to.quality - from.quality;
  const double t = (quality - from.quality) / width, u = 1 - t;
  return u * u * ((1 + 2 * t) * from.log_rate + t * width * from.slope) +
         t * t * ((1 + 2 * u) * to.log_rate - u * width * to.slope);
}

// By Simpson's rule, which is exact for cubics.
double Integral(const Curve& curve, const QualityInterval& over) {
  double sum = 0;
  for (size_t i = 0; i + 1 < curve.size(); ++i) {
    const double low = std::max(over.low, curve[i].quality);
    const double high = std::min(over.high, curve[i + 1].quality);
    if (low >= high) continue;
    const auto at = [&](double quality) {
      return Hermite(curve[i], curve[i + 1], quality);
    };
    sum += (high - low) / 6 * (at(low) + 4 * at((low + high) / 2) + at(high));
  }
  return sum;
}

}  // namespace

Result<QualityInterval> CommonQuality(std::span<const RatePoint> anchor,
                                      std::span<const RatePoint> test) {
  REEL_ASSIGN(const Curve anchor_curve, MakeCurve(anchor, "anchor"));
  REEL_ASSIGN(const Curve test_curve, MakeCurve(test, "test"));
  return CommonInterval(anchor_curve, test_curve);
}

Result<double> BdRate(std::span<const RatePoint> anchor,
                      std::span<const RatePoint> test) {
  REEL_ASSIGN(const Curve anchor_curve, MakeCurve(anchor, "anchor"));
  REEL_ASSIGN(const Curve test_curve, MakeCurve(test, "test"));
  REEL_ASSIGN(const QualityInterval common,
              CommonInterval(anchor_curve, test_curve));
  const double distance =
      (Integral(test_curve, common) - Integral(anchor_curve, common)) /
      (common.high - common.low);
  return 100 * (std::pow(10, distance) - 1);
}

}  // namespace reel::ladder
