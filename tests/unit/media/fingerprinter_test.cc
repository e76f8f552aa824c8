#include "media/fingerprinter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>

#include "media/handles.h"

namespace reel::media {
namespace {

using Luma = std::function<int(int x, int y)>;

Picture Draw(int width, int height, const Luma& luma,
             AVPixelFormat format = AV_PIX_FMT_YUV420P,
             AVColorRange range = AVCOL_RANGE_MPEG) {
  Frame frame = MakeFrameWithPlanes(format, width, height).value();
  frame->color_range = range;
  AVFrame* raw = frame.get();
  Picture picture(std::move(frame));
  const Plane plane = picture.plane(0);
  for (int y = 0; y < height; ++y) {
    uint8_t* row = raw->data[0] + y * plane.stride_bytes;
    for (int x = 0; x < width; ++x) {
      if (plane.bytes_per_sample == 1) {
        row[x] = static_cast<uint8_t>(luma(x, y));
      } else {
        reinterpret_cast<uint16_t*>(row)[x] = static_cast<uint16_t>(luma(x, y));
      }
    }
  }
  return picture;
}

model::Fingerprint Of(const Picture& picture) {
  return Fingerprinter().Next(picture);
}

// Root mean square difference in levels, as docs/formats/fingerprints.md has
// it.
double Distance(const model::Fingerprint& a, const model::Fingerprint& b) {
  double sum = 0;
  for (size_t i = 0; i < a.projection.size(); ++i)
    sum += std::pow(a.projection[i] - b.projection[i], 2);
  return std::sqrt(sum / static_cast<double>(a.projection.size())) / 32;
}

// A smooth picture; `t` moves it, in parts of its width.
Luma Waves(int width, int height, double t = 0) {
  return [=](int x, int y) {
    const double u = (x + 0.5) / width - t, v = (y + 0.5) / height;
    return static_cast<int>(
        std::lround(120 + 60 * std::sin(7 * u + 3 * v) * std::cos(9 * v)));
  };
}

TEST(FingerprinterTest, IsTheSameAtAnySize) {
  const auto big = Of(Draw(1280, 720, Waves(1280, 720)));
  for (const auto& [width, height] :
       {std::pair{854, 480}, {426, 240}, {101, 67}})
    EXPECT_LT(Distance(big, Of(Draw(width, height, Waves(width, height)))), 0.6)
        << width << "x" << height;
}

TEST(FingerprinterTest, IsNotShiftedByAnyWidth) {
  const auto still = Of(Draw(1280, 720, Waves(1280, 720)));
  const auto moved = Of(Draw(1280, 720, Waves(1280, 720, 0.002)));
  for (int width = 418; width <= 434; width += 2) {
    const auto small = Of(Draw(width, 240, Waves(width, 240)));
    EXPECT_LT(Distance(still, small), Distance(moved, small)) << width;
  }
}

TEST(FingerprinterTest, IsTheSameAtAnyDepthAndRange) {
  const auto want = Of(Draw(320, 180, Waves(320, 180)));
  const Luma waves = Waves(320, 180);
  const auto deep = Of(Draw(
      320, 180, [&](int x, int y) { return waves(x, y) * 4; },
      AV_PIX_FMT_YUV420P10));
  EXPECT_LT(Distance(want, deep), 0.05);
  const auto full = Of(Draw(
      320, 180, [&](int x, int y) { return (waves(x, y) - 16) * 255 / 219; },
      AV_PIX_FMT_YUV420P, AVCOL_RANGE_JPEG));
  EXPECT_LT(Distance(want, full), 1);
}

TEST(FingerprinterTest, DistanceIsAboutTheRootMeanSquare) {
  const auto a = Of(Draw(640, 400, [](int, int) { return 100; }));
  const auto b = Of(Draw(640, 400, [](int x, int y) {
    return (x / 10 + y / 10) % 2 == 0 ? 104 : 96;  // 4 levels in every cell
  }));
  EXPECT_NEAR(Distance(a, b), 4, 1.2);
}

TEST(FingerprinterTest, MeanAndChangeAreInPartsOfALevel) {
  Fingerprinter fingerprinter;
  const auto first =
      fingerprinter.Next(Draw(64, 40, [](int, int) { return 100; }));
  EXPECT_EQ(first.mean, 100 * 256);
  EXPECT_EQ(first.change, 0);
  const auto second = fingerprinter.Next(
      Draw(64, 40, [](int x, int) { return x < 32 ? 100 : 103; }));
  EXPECT_EQ(second.change, 3 * 256 / 2);
}

// Samples beyond the picture are noticed by the sanitizers; a value shows that
// none is left out either.
TEST(FingerprinterTest, TakesEverySampleOfTheSmallestPictures) {
  for (const int width : {1, 2, 15, 16, 17, 63, 64, 65, 127}) {
    for (const int height : {1, 2, 16, 39, 40, 41, 81}) {
      const auto flat = Of(Draw(width, height, [](int, int) { return 235; }));
      EXPECT_EQ(flat.mean, 235 * 256) << width << "x" << height;
    }
  }
}

// The format is frozen: a change of these numbers is a new version of it.
TEST(FingerprinterTest, ValuesAreThoseOfVersion1) {
  const auto flat = Of(Draw(64, 40, [](int, int) { return 128; }));
  const auto ramp = Of(Draw(64, 40, [](int x, int y) { return 2 * x + y; }));
  EXPECT_EQ(flat.projection[0], -4866);
  EXPECT_EQ(flat.projection[45], 3244);
  EXPECT_EQ(ramp.projection[0], -2917);
  EXPECT_EQ(ramp.projection[45], 3358);
}

}  // namespace
}  // namespace reel::media
