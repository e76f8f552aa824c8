#include "media/scaler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "media/handles.h"

namespace reel::media {
namespace {

// A picture of one colour; 10-bit values in two bytes.
Picture Flat(AVPixelFormat format, int width, int height, int luma, int chroma,
             AVColorRange range) {
  Frame frame = *MakeFrameWithPlanes(format, width, height);
  frame->color_range = range;
  AVFrame* raw = frame.get();
  Picture picture(std::move(frame));
  for (int p = 0; p < picture.planes(); ++p) {
    const Plane plane = picture.plane(p);
    const int value = p == 0 ? luma : chroma;
    for (int y = 0; y < plane.height; ++y) {
      uint8_t* row = raw->data[p] + y * plane.stride_bytes;
      if (plane.bytes_per_sample == 1) {
        std::fill_n(row, plane.width, static_cast<uint8_t>(value));
      } else {
        std::fill_n(reinterpret_cast<uint16_t*>(row), plane.width,
                    static_cast<uint16_t>(value));
      }
    }
  }
  return picture;
}

int Sample(const Picture& picture, int plane_index, int x, int y) {
  const Plane plane = picture.plane(plane_index);
  const uint8_t* row = plane.data + y * plane.stride_bytes;
  return plane.bytes_per_sample == 1
             ? row[x]
             : reinterpret_cast<const uint16_t*>(row)[x];
}

struct Case {
  std::string name;
  AVPixelFormat format;
  AVColorRange range;
  int luma, chroma;
  int target_depth;
  int want_luma, want_chroma;
};

class ScalerTest : public testing::TestWithParam<Case> {};

TEST_P(ScalerTest, KeepsFlatColorInTheTargetsRange) {
  const Case& c = GetParam();
  auto scaler =
      Scaler::Create({.width = 48, .height = 26, .bit_depth = c.target_depth});
  ASSERT_TRUE(scaler.has_value());
  const auto scaled =
      scaler->Scale(Flat(c.format, 96, 54, c.luma, c.chroma, c.range));
  ASSERT_TRUE(scaled.has_value()) << scaled.error().message;
  EXPECT_EQ(scaled->width(), 48);
  EXPECT_EQ(scaled->height(), 26);
  EXPECT_EQ(scaled->bit_depth(), c.target_depth);
  EXPECT_EQ(scaled->chroma(), Chroma::k420);
  EXPECT_FALSE(scaled->full_range());
  EXPECT_NEAR(Sample(*scaled, 0, 20, 20), c.want_luma, 1);
  EXPECT_NEAR(Sample(*scaled, 1, 10, 10), c.want_chroma, 1);
}

constexpr AVColorRange kTv = AVCOL_RANGE_MPEG;
constexpr AVColorRange kPc = AVCOL_RANGE_JPEG;
INSTANTIATE_TEST_SUITE_P(
    Cases, ScalerTest,
    testing::Values(
        Case{"Limited", AV_PIX_FMT_YUV420P, kTv, 100, 90, 8, 100, 90},
        Case{"FullWhite", AV_PIX_FMT_YUV420P, kPc, 255, 128, 8, 235, 128},
        Case{"FullBlack", AV_PIX_FMT_YUV420P, kPc, 0, 128, 8, 16, 128},
        Case{"TenToEight", AV_PIX_FMT_YUV420P10, kTv, 400, 360, 8, 100, 90},
        Case{"TenToTen", AV_PIX_FMT_YUV420P10, kTv, 401, 361, 10, 401, 361},
        // libswscale takes 1020 for the full range of 10 bit.
        Case{"FullTen", AV_PIX_FMT_YUV420P10, kPc, 1020, 512, 10, 940, 512},
        Case{"From422", AV_PIX_FMT_YUV422P, kTv, 100, 90, 8, 100, 90},
        Case{"From440", AV_PIX_FMT_YUV440P, kTv, 100, 90, 8, 100, 90},
        Case{"From444", AV_PIX_FMT_YUV444P, kTv, 100, 90, 8, 100, 90},
        Case{"From422At12", AV_PIX_FMT_YUV422P12, kTv, 1600, 1440, 10, 400,
             360},
        Case{"Gray", AV_PIX_FMT_GRAY8, kTv, 100, 0, 8, 100, 128},
        Case{"FullGray", AV_PIX_FMT_GRAY8, kPc, 255, 0, 8, 235, 128}),
    [](const auto& test) { return test.param.name; });

TEST(ScalerIdentityTest, SharesAPictureThatIsTheTargetAlready) {
  auto scaler = Scaler::Create({.width = 96, .height = 54});
  ASSERT_TRUE(scaler.has_value());
  const Picture picture = Flat(AV_PIX_FMT_YUV420P, 96, 54, 1, 2, kTv);
  const auto same = scaler->Scale(picture);
  ASSERT_TRUE(same.has_value());
  EXPECT_EQ(same->plane(0).data, picture.plane(0).data);
}

TEST(ScalerIdentityTest, FollowsAChangeOfSize) {
  auto scaler = Scaler::Create({.width = 48, .height = 26});
  ASSERT_TRUE(scaler.has_value());
  for (const int width : {96, 64, 96}) {
    const auto scaled =
        scaler->Scale(Flat(AV_PIX_FMT_YUV420P, width, 54, 77, 99, kTv));
    ASSERT_TRUE(scaled.has_value());
    EXPECT_EQ(Sample(*scaled, 0, 47, 25), 77);
  }
}

TEST(ScalerIdentityTest, RefusesBadTargets) {
  EXPECT_FALSE(Scaler::Create({.width = 47, .height = 26}).has_value());
  EXPECT_FALSE(Scaler::Create({.width = 0, .height = 26}).has_value());
  EXPECT_FALSE(Scaler::Create({.width = 48, .height = 20000}).has_value());
  EXPECT_FALSE(
      Scaler::Create({.width = 48, .height = 26, .bit_depth = 9}).has_value());
}

}  // namespace
}  // namespace reel::media
