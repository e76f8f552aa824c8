#include "quality/ciede2000.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "quality/plane_pair.h"

namespace reel::quality {
namespace {

using base::Code;
using base::Fail;
using base::Result;

constexpr float kPi = std::numbers::pi_v<float>;
constexpr ColourFactors kVideoFactors{0.65F, 1.0F, 4.0F};

struct Yuv {
  float y, u, v;
  bool operator==(const Yuv&) const = default;
};

// sRGB's transfer function (IEC 61966-2-1).
float Linear(float value) {
  return value > 0.04045F ? std::pow((value + 0.055F) / 1.055F, 2.4F)
                          : value / 12.92F;
}

// CIE 1976, of a tristimulus value relative to white.
float LabCurve(float t) {
  constexpr float kEpsilon = 216.0F / 24389.0F, kKappa = 24389.0F / 27.0F;
  return t > kEpsilon ? std::cbrt(t) : (kKappa * t + 16.0F) / 116.0F;
}

// From samples on an 8-bit scale of limited range, for D65. The matrix is
// BT.709's of the analogue U and V; libvmaf's numbers are those of taking Cb
// and Cr for these, at the scale of 224 levels to 1.
Lab ToLab(const Yuv& yuv) {
  const float y = (yuv.y - 16.0F) / 219.0F;
  const float u = (yuv.u - 128.0F) / 224.0F;
  const float v = (yuv.v - 128.0F) / 224.0F;
  const float red = Linear(y + 1.28033F * v);
  const float green = Linear(y - 0.21482F * u - 0.38059F * v);
  const float blue = Linear(y + 2.12798F * u);
  const float fx = LabCurve(
      (0.4124564F * red + 0.3575761F * green + 0.1804375F * blue) / 0.95047F);
  const float fy =
      LabCurve(0.2126729F * red + 0.7151522F * green + 0.0721750F * blue);
  const float fz = LabCurve(
      (0.0193339F * red + 0.1191920F * green + 0.9503041F * blue) / 1.08883F);
  return {116.0F * fy - 16.0F, 500.0F * (fx - fy), 200.0F * (fy - fz)};
}

float Length(float a, float b) { return std::sqrt(a * a + b * b); }

float Degrees(float degrees) { return degrees * (kPi / 180.0F); }

// Hue angle, 0..2 pi.
float Hue(float a, float b) {
  if (a == 0.0F && b == 0.0F) return 0.0F;
  const float angle = std::atan2(b, a);
  return angle < 0.0F ? angle + 2.0F * kPi : angle;
}

float Power7(float x) {
  const float x2 = x * x;
  return x2 * x2 * x2 * x;
}

// sqrt(c^7 / (c^7 + 25^7)), without overflow.
float ChromaWeight(float c) {
  const float ratio = Power7(c / 25.0F);
  return std::sqrt(ratio / (ratio + 1.0F));
}

template <typename Sample>
double SumOfDifferences(const media::Picture& reference,
                        const media::Picture& distorted) {
  const media::Plane y = reference.plane(0), u = reference.plane(1);
  const float scale = std::exp2(static_cast<float>(8 - reference.bit_depth()));
  const auto step = [](int whole, int part) {
    return (whole + part - 1) / part;
  };
  const int step_x = step(y.width, u.width), step_y = step(y.height, u.height);
  double total = 0.0;
  for (int row = 0; row < y.height; ++row) {
    const auto rows_of = [&](const media::Picture& picture) {
      return std::array{Row<Sample>(picture.plane(0), row),
                        Row<Sample>(picture.plane(1), row / step_y),
                        Row<Sample>(picture.plane(2), row / step_y)};
    };
    const auto rows_r = rows_of(reference), rows_d = rows_of(distorted);
    const auto at = [&](const auto& rows, int x) {
      return Yuv{static_cast<float>(rows[0][x]) * scale,
                 static_cast<float>(rows[1][x / step_x]) * scale,
                 static_cast<float>(rows[2][x / step_x]) * scale};
    };
    for (int x = 0; x < y.width; ++x) {
      const Yuv r = at(rows_r, x), d = at(rows_d, x);
      if (r == d) continue;
      total +=
          static_cast<double>(Ciede2000(ToLab(r), ToLab(d), kVideoFactors));
    }
  }
  return total;
}

}  // namespace

float Ciede2000(const Lab& first, const Lab& second,
                const ColourFactors& factors) {
  const float mean_c =
      (Length(first.a, first.b) + Length(second.a, second.b)) / 2.0F;
  const float stretch = 1.0F + 0.5F * (1.0F - ChromaWeight(mean_c));
  const float a1 = first.a * stretch, a2 = second.a * stretch;
  const float c1 = Length(a1, first.b), c2 = Length(a2, second.b);
  const float h1 = Hue(a1, first.b), h2 = Hue(a2, second.b);

  const bool grey = c1 * c2 == 0.0F;
  float delta_h = grey ? 0.0F : h2 - h1;
  float mean_h = grey ? h1 + h2 : (h1 + h2) / 2.0F;
  if (!grey && std::abs(h2 - h1) > kPi) {
    delta_h += delta_h > 0.0F ? -2.0F * kPi : 2.0F * kPi;
    mean_h += mean_h < kPi ? kPi : -kPi;
  }
  const float dl = second.l - first.l;
  const float dc = c2 - c1;
  const float dh = 2.0F * std::sqrt(c1 * c2) * std::sin(delta_h / 2.0F);

  const float l50 = (first.l + second.l) / 2.0F - 50.0F;
  const float c = (c1 + c2) / 2.0F;
  const float t = 1.0F - 0.17F * std::cos(mean_h - Degrees(30.0F)) +
                  0.24F * std::cos(2.0F * mean_h) +
                  0.32F * std::cos(3.0F * mean_h + Degrees(6.0F)) -
                  0.20F * std::cos(4.0F * mean_h - Degrees(63.0F));
  const float sl = 1.0F + 0.015F * l50 * l50 / std::sqrt(20.0F + l50 * l50);
  const float sc = 1.0F + 0.045F * c;
  const float sh = 1.0F + 0.015F * c * t;
  const float bend = (mean_h - Degrees(275.0F)) / Degrees(25.0F);
  const float rotation = -2.0F * ChromaWeight(c) *
                         std::sin(Degrees(60.0F) * std::exp(-bend * bend));
  const float l = dl / (factors.l * sl);
  const float cc = dc / (factors.c * sc);
  const float h = dh / (factors.h * sh);
  return std::sqrt(std::max(0.0F, l * l + cc * cc + h * h + rotation * cc * h));
}

Result<double> Ciede2000Score(const media::Picture& reference,
                              const media::Picture& distorted) {
  if (reference.planes() != 3 || distorted.planes() != 3)
    return Fail(Code::kInvalidArgument, "CIEDE2000 needs pictures with chroma");
  for (int i = 0; i < 3; ++i)
    REEL_TRY(CheckPair(reference.plane(i), distorted.plane(i),
                       reference.bit_depth()));
  if (reference.bit_depth() != distorted.bit_depth())
    return Fail(Code::kInvalidArgument,
                "pictures of different bit depth cannot be compared");
  const double sum = reference.bit_depth() == 8
                         ? SumOfDifferences<uint8_t>(reference, distorted)
                         : SumOfDifferences<uint16_t>(reference, distorted);
  const double count =
      static_cast<double>(reference.width()) * reference.height();
  return 45.0 - 20.0 * std::log10(sum / count);
}

}  // namespace reel::quality
