#include "ladder/bd_rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ladder/monotone_cubic.h"

namespace reel::ladder {
namespace {

using base::Code;
using base::Fail;
using base::Result;

// log10 of rate over quality: [n >= 2], rising in quality and log_rate.
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
  std::vector<double> qualities, log_rates;
  for (const RatePoint& point : Efficient(points)) {
    qualities.push_back(point.quality);
    log_rates.push_back(std::log10(point.rate_bps));
  }
  if (qualities.size() < 2)
    return Fail(Code::kInvalidArgument,
                fmt::format("BD-rate needs 2 points that rise in rate and "
                            "quality; the {} has {} (of {})",
                            name, qualities.size(), points.size()));
  const std::vector<double> slopes = MonotoneSlopes(qualities, log_rates);
  Curve curve;
  for (size_t i = 0; i < slopes.size(); ++i)
    curve.push_back({qualities[i], log_rates[i], slopes[i]});
  return curve;
}

Result<QualityInterval> CommonInterval(const Curve& anchor, const Curve& test) {
  const QualityInterval common{std::max(anchor.front().x, test.front().x),
                               std::min(anchor.back().x, test.back().x)};
  if (common.low < common.high) return common;
  return Fail(Code::kInvalidArgument,
              fmt::format("BD-rate: no qualities in common; the anchor has {} "
                          "to {}, the test {} to {}",
                          anchor.front().x, anchor.back().x, test.front().x,
                          test.back().x));
}

// By Simpson's rule, which is exact for cubics.
double Integral(const Curve& curve, const QualityInterval& over) {
  double sum = 0;
  for (size_t i = 0; i + 1 < curve.size(); ++i) {
    const double low = std::max(over.low, curve[i].x);
    const double high = std::min(over.high, curve[i + 1].x);
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
