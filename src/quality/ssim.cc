#include "quality/ssim.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "quality/plane_pair.h"

namespace reel::quality {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

constexpr int kWindow = 11;
constexpr float kC1 = 0.01F * 255.0F * 0.01F * 255.0F;
constexpr float kC2 = 0.03F * 255.0F * 0.03F * 255.0F;

// Samples of one plane on an 8-bit scale, rows without gaps.
struct Image {
  Image(int w, int h)
      : width(w),
        height(h),
        samples(static_cast<size_t>(w) * static_cast<size_t>(h)) {}
  float* row(int y) {
    return &samples[static_cast<size_t>(y) * static_cast<size_t>(width)];
  }
  const float* row(int y) const {
    return &samples[static_cast<size_t>(y) * static_cast<size_t>(width)];
  }
  int width, height;
  std::vector<float> samples;
};

template <typename Sample>
void Load(const media::Plane& plane, float scale, Image& image) {
  for (int y = 0; y < image.height; ++y) {
    const auto* from = Row<Sample>(plane, y);
    float* to = image.row(y);
    for (int x = 0; x < image.width; ++x)
      to[x] = static_cast<float>(from[x]) * scale;
  }
}

Image Load(const media::Plane& plane, int bit_depth) {
  Image image(plane.width, plane.height);
  const float scale = std::exp2(static_cast<float>(8 - bit_depth));
  if (plane.bytes_per_sample == 1)
    Load<uint8_t>(plane, scale, image);
  else
    Load<uint16_t>(plane, scale, image);
  return image;
}

// Borders repeat the edge: -1 is 0, n is n - 1.
int Mirrored(int i, int n) {
  if (i < 0) i = -1 - i;
  if (i >= n) i = 2 * n - 1 - i;
  return std::clamp(i, 0, n - 1);
}

// Every `factor`-th sample after a separable filter whose taps are centred on
// it, an even number of them one to the left.
Image Decimate(const Image& from, int factor, const std::vector<float>& taps) {
  const auto reduced = [factor](int n) { return n / factor + (n & 1); };
  Image to(reduced(from.width), reduced(from.height));
  const auto n = static_cast<int>(taps.size());
  const int margin = n + factor;  // more than any tap reaches past an edge
  std::vector<float> padded(static_cast<size_t>(from.width + 2 * margin));
  float* columns = padded.data() + margin;
  for (int y = 0; y < to.height; ++y) {
    std::fill(padded.begin(), padded.end(), 0.0F);
    for (int k = 0; k < n; ++k) {
      const float* row =
          from.row(Mirrored(y * factor - n / 2 + k, from.height));
      const float tap = taps[static_cast<size_t>(k)];
      for (int x = 0; x < from.width; ++x) columns[x] += tap * row[x];
    }
    for (int x = 1; x <= margin; ++x) {
      columns[-x] = columns[Mirrored(-x, from.width)];
      columns[from.width - 1 + x] =
          columns[Mirrored(from.width - 1 + x, from.width)];
    }
    float* out = to.row(y);
    for (int x = 0; x < to.width; ++x) {
      float sum = 0.0F;
      for (int k = 0; k < n; ++k)
        sum += taps[static_cast<size_t>(k)] * columns[x * factor - n / 2 + k];
      out[x] = sum;
    }
  }
  return to;
}

// Half of the Gaussian window and its middle. To six decimals, as libvmaf has
// them: their sum, 1.000002, shifts variances of flat pictures noticeably.
std::array<float, kWindow / 2 + 1> Gaussian() {
  std::array<double, kWindow / 2 + 1> g{};
  double sum = 0.0;
  for (int i = 0; i <= kWindow / 2; ++i) {
    const double d = (i - kWindow / 2) / 1.5;
    g[static_cast<size_t>(i)] = std::exp(-0.5 * d * d);
    sum += g[static_cast<size_t>(i)] * (i < kWindow / 2 ? 2.0 : 1.0);
  }
  std::array<float, kWindow / 2 + 1> taps{};
  for (size_t i = 0; i < taps.size(); ++i)
    taps[i] = static_cast<float>(std::round(g[i] / sum * 1e6) / 1e6);
  return taps;
}

using Taps = std::array<float, kWindow / 2 + 1>;

// to[x] = Σ_k g_k rows[k][x]; the window is symmetric. Everything is local, so
// that the compiler sees that writing `to` changes none of it.
void Filter(const std::array<const float*, kWindow>& rows, const Taps& taps,
            int width, float* __restrict to) {
  const auto [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10] = rows;
  const auto [g0, g1, g2, g3, g4, g5] = taps;
  for (int x = 0; x < width; ++x) {
    to[x] = g5 * r5[x] + g0 * (r0[x] + r10[x]) + g1 * (r1[x] + r9[x]) +
            g2 * (r2[x] + r8[x]) + g3 * (r3[x] + r7[x]) + g4 * (r4[x] + r6[x]);
  }
}

// The five moments of a row, filtered horizontally, kept for 11 rows.
class MomentRows {
 public:
  static constexpr int kMoments = 5;  // p, d, p², d², pd
  explicit MomentRows(int width)
      : width_(width),
        out_width_(width - kWindow + 1),
        products_(static_cast<size_t>(width)),
        rows_(static_cast<size_t>(kWindow * kMoments * out_width_)) {}

  void Push(const float* p, const float* d, int y) {
    Horizontal(p, Slot(y, 0));
    Horizontal(d, Slot(y, 1));
    HorizontalOfProduct(p, p, Slot(y, 2));
    HorizontalOfProduct(d, d, Slot(y, 3));
    HorizontalOfProduct(p, d, Slot(y, 4));
  }
  // The windows whose first row is `y`.
  void Vertical(int y, int moment, float* to) {
    std::array<const float*, kWindow> rows{};
    for (int k = 0; k < kWindow; ++k)
      rows[static_cast<size_t>(k)] = Slot(y + k, moment);
    Filter(rows, taps_, out_width_, to);
  }
  int out_width() const { return out_width_; }

 private:
  float* Slot(int y, int moment) {
    return rows_.data() + static_cast<ptrdiff_t>(out_width_) *
                              ((y % kWindow) * kMoments + moment);
  }
  void Horizontal(const float* row, float* to) const {
    std::array<const float*, kWindow> shifted{};
    for (size_t k = 0; k < shifted.size(); ++k) shifted[k] = row + k;
    Filter(shifted, taps_, out_width_, to);
  }
  void HorizontalOfProduct(const float* a, const float* b, float* to) {
    for (int x = 0; x < width_; ++x)
      products_[static_cast<size_t>(x)] = a[x] * b[x];
    Horizontal(products_.data(), to);
  }

  const Taps taps_ = Gaussian();
  int width_, out_width_;
  std::vector<float> products_, rows_;
};

struct Means {
  double ssim = 0.0, l = 0.0, c = 0.0, s = 0.0;
};

// Four sums, for one would wait for every addition.
double Sum(const std::vector<float>& values) {
  std::array<double, 4> sums{};
  for (size_t i = 0; i < values.size(); ++i)
    sums[i % 4] += static_cast<double>(values[i]);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// Of one row of windows, from its moments.
struct MomentRow {
  const float *m1, *m2, *q11, *q22, *q12;
};
void CompareRow(const MomentRow& moments, size_t width, float* __restrict l,
                float* __restrict c, float* __restrict s,
                float* __restrict lcs) {
  const auto [m1, m2, q11, q22, q12] = moments;
  for (size_t x = 0; x < width; ++x) {
    const float v1 = std::max(0.0F, q11[x] - m1[x] * m1[x]);
    const float v2 = std::max(0.0F, q22[x] - m2[x] * m2[x]);
    const float covariance = q12[x] - m1[x] * m2[x];
    const float deviations = std::sqrt(v1 * v2);
    // Where one picture is flat a negative covariance is but rounding.
    const float v12 =
        deviations > 0.0F ? covariance : std::max(0.0F, covariance);
    l[x] = (2.0F * m1[x] * m2[x] + kC1) / (m1[x] * m1[x] + m2[x] * m2[x] + kC1);
    c[x] = (2.0F * deviations + kC2) / (v1 + v2 + kC2);
    s[x] = (v12 + kC2 / 2.0F) / (deviations + kC2 / 2.0F);
    lcs[x] = l[x] * c[x] * s[x];
  }
}

Means Compare(const Image& reference, const Image& distorted) {
  MomentRows rows(reference.width);
  const auto width = static_cast<size_t>(rows.out_width());
  const int height = reference.height - kWindow + 1;
  std::array<std::vector<float>, MomentRows::kMoments> moments;
  for (auto& moment : moments) moment.resize(width);
  std::vector<float> l(width), c(width), s(width), lcs(width);
  for (int y = 0; y < kWindow - 1; ++y)
    rows.Push(reference.row(y), distorted.row(y), y);
  Means sums;
  for (int y = 0; y < height; ++y) {
    const int last = y + kWindow - 1;
    rows.Push(reference.row(last), distorted.row(last), last);
    for (int m = 0; m < MomentRows::kMoments; ++m)
      rows.Vertical(y, m, moments[static_cast<size_t>(m)].data());
    CompareRow({moments[0].data(), moments[1].data(), moments[2].data(),
                moments[3].data(), moments[4].data()},
               width, l.data(), c.data(), s.data(), lcs.data());
    sums.ssim += Sum(lcs);
    sums.l += Sum(l);
    sums.c += Sum(c);
    sums.s += Sum(s);
  }
  const double count = static_cast<double>(width) * height;
  return {sums.ssim / count, sums.l / count, sums.c / count, sums.s / count};
}

Status CheckSide(const media::Plane& plane, int least, const char* metric) {
  if (std::min(plane.width, plane.height) >= least) return {};
  return Fail(Code::kInvalidArgument,
              fmt::format("{} needs pictures of at least {} samples a side; "
                          "this is {}x{}",
                          metric, least, plane.width, plane.height));
}

}  // namespace

Result<double> Ssim(const media::Plane& reference,
                    const media::Plane& distorted, int bit_depth) {
  REEL_TRY(CheckPair(reference, distorted, bit_depth));
  REEL_TRY(CheckSide(reference, kWindow, "SSIM"));
  Image p = Load(reference, bit_depth), d = Load(distorted, bit_depth);
  const auto factor = static_cast<int>(
      std::lround(std::min(reference.width, reference.height) / 256.0));
  if (factor > 1) {
    const std::vector<float> box(static_cast<size_t>(factor),
                                 1.0F / static_cast<float>(factor));
    p = Decimate(p, factor, box);
    d = Decimate(d, factor, box);
  }
  return Compare(p, d).ssim;
}

Result<double> MsSsim(const media::Plane& reference,
                      const media::Plane& distorted, int bit_depth) {
  REEL_TRY(CheckPair(reference, distorted, bit_depth));
  REEL_TRY(CheckSide(reference, kMsSsimMinSide, "MS-SSIM"));
  // The paper's powers of c and s; l has the last one's.
  constexpr std::array<double, 5> kPowers{0.0448, 0.2856, 0.3001, 0.2363,
                                          0.1333};
  // The low-pass filter of the 9/7 wavelet of Cohen, Daubechies and Feauveau.
  const std::vector<float> low_pass{0.026748757F,  -0.016864118F, -0.078223267F,
                                    0.266864118F,  0.602949018F,  0.266864118F,
                                    -0.078223267F, -0.016864118F, 0.026748757F};
  Image p = Load(reference, bit_depth), d = Load(distorted, bit_depth);
  double product = 1.0;
  for (size_t scale = 0; scale < kPowers.size(); ++scale) {
    if (scale > 0) {
      p = Decimate(p, 2, low_pass);
      d = Decimate(d, 2, low_pass);
    }
    const Means means = Compare(p, d);
    if (scale + 1 == kPowers.size())
      product *= std::pow(std::max(0.0, means.l), kPowers[scale]);
    product *= std::pow(std::max(0.0, means.c), kPowers[scale]) *
               std::pow(std::max(0.0, means.s), kPowers[scale]);
  }
  return product;
}

}  // namespace reel::quality
