#include "media/planar.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "media/picture.h"

namespace reel::media {
namespace {

struct Case {
  std::string name;
  AVPixelFormat from, want;
};
class PlanarFormatTest : public testing::TestWithParam<Case> {};

TEST_P(PlanarFormatTest, KeepsWhatItCan) {
  EXPECT_EQ(PlanarFormat(GetParam().from), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, PlanarFormatTest,
    testing::Values(
        Case{"Yuv420", AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P},
        Case{"Yuv422At12", AV_PIX_FMT_YUV422P12, AV_PIX_FMT_YUV422P12},
        Case{"FullRangeName", AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUV422P},
        Case{"Alpha", AV_PIX_FMT_YUVA444P12, AV_PIX_FMT_YUV444P12},
        Case{"Gray", AV_PIX_FMT_GRAY8, AV_PIX_FMT_GRAY8},
        Case{"Gray16", AV_PIX_FMT_GRAY16, AV_PIX_FMT_GRAY16},
        Case{"Nv12", AV_PIX_FMT_NV12, AV_PIX_FMT_YUV420P},
        Case{"P010", AV_PIX_FMT_P010, AV_PIX_FMT_YUV420P10},
        Case{"Packed422", AV_PIX_FMT_YUYV422, AV_PIX_FMT_YUV422P},
        Case{"Rgb", AV_PIX_FMT_RGB24, AV_PIX_FMT_YUV444P},
        Case{"PlanarRgb10", AV_PIX_FMT_GBRP10, AV_PIX_FMT_YUV444P10},
        Case{"Palette", AV_PIX_FMT_PAL8, AV_PIX_FMT_YUV444P},
        Case{"OneBit", AV_PIX_FMT_MONOBLACK, AV_PIX_FMT_GRAY8},
        Case{"BigEndian", AV_PIX_FMT_YUV420P10BE, AV_PIX_FMT_YUV420P10LE},
        Case{"None", AV_PIX_FMT_NONE, AV_PIX_FMT_YUV420P}),
    [](const auto& test) { return test.param.name; });

TEST(PlanarConverterTest, FullRangeNamesKeepTheirPixels) {
  Frame frame = MakeFrameWithPlanes(AV_PIX_FMT_YUVJ420P, 32, 16).value();
  const uint8_t* pixels = frame->data[0];
  const auto planar = PlanarConverter().Convert(std::move(frame));
  ASSERT_TRUE(planar.has_value());
  EXPECT_EQ((*planar)->data[0], pixels);
  EXPECT_TRUE(Picture(CloneFrame(**planar).value()).full_range());
}

// ITU-R BT.709: white is 235/128/128, pure green 173/42/26 in limited range.
TEST(PlanarConverterTest, RgbBecomesLimitedBt709) {
  Frame frame = MakeFrameWithPlanes(AV_PIX_FMT_RGB24, 32, 16).value();
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 32; ++x) {
      uint8_t* pixel = frame->data[0] + y * frame->linesize[0] + 3 * x;
      pixel[0] = pixel[2] = x < 16 ? 255 : 0;
      pixel[1] = 255;
    }
  }
  const auto planar = PlanarConverter().Convert(std::move(frame));
  ASSERT_TRUE(planar.has_value());
  const Picture picture(CloneFrame(**planar).value());
  EXPECT_FALSE(picture.full_range());
  const auto at = [&](int p, int x) {
    return int{picture.plane(p).data[8 * picture.plane(p).stride_bytes + x]};
  };
  EXPECT_NEAR(at(0, 4), 235, 1);
  EXPECT_NEAR(at(1, 4), 128, 1);
  EXPECT_NEAR(at(0, 28), 173, 1);
  EXPECT_NEAR(at(1, 28), 42, 1);
  EXPECT_NEAR(at(2, 28), 26, 1);
}

}  // namespace
}  // namespace reel::media
