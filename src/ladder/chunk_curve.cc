#include "ladder/chunk_curve.h"

#include <algorithm>
#include <cmath>

#include "base/result.h"
#include "ladder/monotone_cubic.h"

namespace reel::ladder {
namespace {

// Where a single point is all there is: what encodes do on the average.
constexpr double kLogitPerCrf = -0.15;
constexpr double kLogBitsPerCrf = -0.115;  // six steps: half the bits

// Below the least CRF that was looked at, quality soon stops rising: small
// sizes have a ceiling, and hopes without proof would draw the search there.
constexpr double kReach = 8;  // steps of CRF

// No trend is followed further from where it was seen.
constexpr double kTrendReach = 12;
// Drafts and real encodes are never further apart; beyond, one is broken.
constexpr double kMostShift = 12;

// Scores of 0 and 100 have no logit, and say little about the next step.
double Logit(double vmaf) {
  constexpr double kLeastVmaf = 0.5, kMostVmaf = 99.9;
  const double v = std::clamp(vmaf, kLeastVmaf, kMostVmaf);
  return std::log(v / (100 - v));
}

double FromLogit(double logit) { return 100 / (1 + std::exp(-logit)); }

std::vector<CurvePoint> Sorted(std::vector<CurvePoint> points) {
  std::ranges::sort(points, {}, &CurvePoint::crf);
  const auto same = [](const CurvePoint& a, const CurvePoint& b) {
    return a.crf == b.crf;
  };
  points.erase(std::unique(points.begin(), points.end(), same), points.end());
  return points;
}

}  // namespace

MonotoneCubic::MonotoneCubic(std::vector<double> x, std::vector<double> y,
                             double slope, Left left)
    : x_(std::move(x)), y_(std::move(y)) {
  REEL_CHECK(!x_.empty() && x_.size() == y_.size());
  for (size_t i = 1; i < y_.size(); ++i) y_[i] = std::min(y_[i], y_[i - 1]);
  slopes_ =
      x_.size() == 1 ? std::vector<double>{slope} : MonotoneSlopes(x_, y_);
  left_slope_ = left == Left::kSecant && x_.size() > 1
                    ? (y_[1] - y_[0]) / (x_[1] - x_[0])
                    : slopes_.front();
}

double MonotoneCubic::At(double x, double sure) const {
  if (x <= x_.front()) {
    const double away = x_.front() - x;
    const double straight = std::min(away, std::max(0.0, x_.front() - sure));
    const double rest = kReach * (1 - std::exp((straight - away) / kReach));
    return y_.front() - left_slope_ * (straight + rest);
  }
  if (x >= x_.back()) return y_.back() + slopes_.back() * (x - x_.back());
  const auto right = static_cast<size_t>(
      std::upper_bound(x_.begin(), x_.end(), x) - x_.begin());
  const size_t left = right - 1;
  return Hermite({x_[left], y_[left], slopes_[left]},
                 {x_[right], y_[right], slopes_[right]}, x);
}

double MonotoneCubic::Inverse(double y, double low, double high) const {
  constexpr int kHalvings = 40;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (At(middle) > y ? low : high) = middle;
  }
  return (low + high) / 2;
}

ChunkCurve::ChunkCurve(std::vector<CurvePoint> shape) {
  std::vector<double> crfs, logits, log_bits;
  for (const CurvePoint& point : Sorted(std::move(shape))) {
    crfs.push_back(point.crf);
    logits.push_back(Logit(point.vmaf));
    log_bits.push_back(std::log(std::max(1.0, point.bits)));
  }
  using enum MonotoneCubic::Left;
  quality_ = MonotoneCubic(crfs, logits, kLogitPerCrf, kSecant);
  log_bits_ = MonotoneCubic(crfs, log_bits, kLogBitsPerCrf, kOwn);
}

ChunkCurve::Shift ChunkCurve::ShiftOf(const CurvePoint& real) const {
  const double like = quality_.Inverse(Logit(real.vmaf), real.crf - kMostShift,
                                       real.crf + kMostShift);
  return {real.crf - like,
          std::log(std::max(1.0, real.bits)) - log_bits_.At(real.crf)};
}

void ChunkCurve::Correct(const std::vector<CurvePoint>& real,
                         const Shift& per_crf) {
  corrections_.clear();
  per_crf_ = per_crf;
  for (const CurvePoint& point : Sorted(real))
    corrections_.push_back({point.crf, ShiftOf(point)});
  proved_ = kMostCrf;
  for (const Correction& correction : corrections_)
    proved_ = std::min(proved_, correction.crf - correction.shift.crf);
}

void ChunkCurve::CorrectBy(const Shift& shift, double crf,
                           const Shift& per_crf) {
  corrections_ = {{crf, shift}};
  per_crf_ = per_crf;
  proved_ = kMostCrf;
}

ChunkCurve::Shift ChunkCurve::ShiftAt(double crf) const {
  if (corrections_.empty()) return {};
  const auto beyond = [&](const Correction& last) -> Shift {
    const double away = std::clamp(crf - last.crf, -kTrendReach, kTrendReach);
    return {last.shift.crf + away * per_crf_.crf,
            last.shift.log_bits + away * per_crf_.log_bits};
  };
  const auto right =
      std::ranges::lower_bound(corrections_, crf, {}, &Correction::crf);
  if (right == corrections_.begin()) return beyond(*right);
  if (right == corrections_.end()) return beyond(corrections_.back());
  const Correction& left = *(right - 1);
  const double t = (crf - left.crf) / (right->crf - left.crf);
  return {std::lerp(left.shift.crf, right->shift.crf, t),
          std::lerp(left.shift.log_bits, right->shift.log_bits, t)};
}

double ChunkCurve::Vmaf(double crf) const {
  return FromLogit(quality_.At(crf - ShiftAt(crf).crf, proved_));
}

double ChunkCurve::Bits(double crf) const {
  // A title of some thousand hours has 1e15 bits.
  return std::clamp(std::exp(log_bits_.At(crf) + ShiftAt(crf).log_bits), 1.0,
                    1e15);
}

double ChunkCurve::CrfOf(double vmaf) const {
  constexpr int kHalvings = 40;
  double low = kLeastCrf, high = kMostCrf;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (Vmaf(middle) > vmaf ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace reel::ladder
