#include "inspect/tonality.h"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace reel::inspect {
namespace {

struct Tone {
  double hz = 0;
  double error = 0;  // of the power
};

std::optional<Tone> Fit(std::span<const float> samples, int rate_hz) {
  // Sums of products of x[n], x[n-1] and x[n-2].
  double s00 = 0, s01 = 0, s02 = 0, s11 = 0, s12 = 0, s22 = 0;
  for (size_t n = 2; n < samples.size(); ++n) {
    const double x0 = samples[n], x1 = samples[n - 1], x2 = samples[n - 2];
    s00 += x0 * x0;
    s01 += x0 * x1;
    s02 += x0 * x2;
    s11 += x1 * x1;
    s12 += x1 * x2;
    s22 += x2 * x2;
  }
  const double determinant = s11 * s22 - s12 * s12;
  if (determinant <= 1e-9 * s11 * s22) return std::nullopt;
  const double a1 = (s01 * s22 - s02 * s12) / determinant;
  const double a2 = (s02 * s11 - s01 * s12) / determinant;
  const double error = s00 - a1 * s01 - a2 * s02;
  const double cosine = a1 / 2;
  if (a2 > -0.9 || std::abs(cosine) >= 1) return std::nullopt;
  const double hz = std::acos(cosine) / (2 * std::numbers::pi) * rate_hz;
  return Tone{hz, error / s00};
}

}  // namespace

std::optional<double> ToneHz(std::span<const float> samples, int rate_hz) {
  const auto tone = Fit(samples, rate_hz);
  if (!tone || tone->error > 0.01) return std::nullopt;
  if (tone->hz < 200 || tone->hz > 0.45 * rate_hz) return std::nullopt;
  return tone->hz;
}

bool IsTone(std::span<const float> samples, int rate_hz) {
  const auto tone = Fit(samples, rate_hz);
  return tone && tone->error <= (tone->hz < 200 ? 1e-5 : 0.01);
}

}  // namespace reel::inspect
