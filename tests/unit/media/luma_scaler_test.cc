#include "media/luma_scaler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>

#include "media/handles.h"
#include "media/scaler.h"

namespace reel::media {
namespace {

constexpr AVColorRange kTv = AVCOL_RANGE_MPEG;
constexpr AVColorRange kPc = AVCOL_RANGE_JPEG;

// Luma of `sample(x, y)`; chroma is grey.
template <typename Sample>
Picture Paint(AVPixelFormat format, int width, int height, AVColorRange range,
              Sample sample) {
  Frame frame = *MakeFrameWithPlanes(format, width, height);
  frame->color_range = range;
  AVFrame* raw = frame.get();
  Picture picture(std::move(frame));
  const int grey = 1 << (picture.bit_depth() - 1);
  for (int p = 0; p < picture.planes(); ++p) {
    const Plane plane = picture.plane(p);
    for (int y = 0; y < plane.height; ++y) {
      uint8_t* row = raw->data[p] + y * plane.stride_bytes;
      for (int x = 0; x < plane.width; ++x) {
        const int value = p == 0 ? sample(x, y) : grey;
        if (plane.bytes_per_sample == 1) {
          row[x] = static_cast<uint8_t>(value);
        } else {
          reinterpret_cast<uint16_t*>(row)[x] = static_cast<uint16_t>(value);
        }
      }
    }
  }
  return picture;
}

Picture Flat(AVPixelFormat format, int luma, AVColorRange range) {
  return Paint(format, 96, 54, range, [luma](int, int) { return luma; });
}

int Texture(int x, int y) { return 16 + (x * 37 + y * 91 + x * y * 13) % 220; }

int LumaAt(const Picture& picture, int x, int y) {
  const Plane plane = picture.plane(0);
  const uint8_t* row = plane.data + y * plane.stride_bytes;
  return plane.bytes_per_sample == 1
             ? row[x]
             : reinterpret_cast<const uint16_t*>(row)[x];
}

struct Case {
  std::string name;
  AVPixelFormat format;
  AVColorRange range;
  int luma;
  LumaFormat target;
  int want;
};

class LumaScalerTest : public testing::TestWithParam<Case> {};

TEST_P(LumaScalerTest, KeepsBrightness) {
  const Case& c = GetParam();
  auto scaler = LumaScaler::Create(c.target);
  ASSERT_TRUE(scaler.has_value());
  const auto scaled = scaler->Scale(Flat(c.format, c.luma, c.range));
  ASSERT_TRUE(scaled.has_value()) << scaled.error().message;
  EXPECT_EQ(LumaFormatOf(*scaled), c.target);
  EXPECT_EQ(LumaAt(*scaled, 20, 20), c.want);
  EXPECT_EQ(LumaAt(*scaled, c.target.width - 1, c.target.height - 1), c.want);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, LumaScalerTest,
    testing::Values(
        Case{"Larger", AV_PIX_FMT_YUV420P, kTv, 77, {193, 107, 8}, 77},
        Case{"Smaller", AV_PIX_FMT_YUV420P, kTv, 77, {47, 25, 8}, 77},
        Case{
            "LargerAtTen", AV_PIX_FMT_YUV422P10, kTv, 801, {193, 107, 10}, 801},
        Case{"LargerAtTwelve",
             AV_PIX_FMT_YUV422P12,
             kTv,
             3201,
             {99, 99, 12},
             3201},
        Case{"LargerAtSixteen",
             AV_PIX_FMT_GRAY16,
             kTv,
             51201,
             {99, 99, 16},
             51201},
        Case{"EightToTen", AV_PIX_FMT_YUV420P, kTv, 77, {96, 54, 10}, 308},
        Case{"EightToTenLarger",
             AV_PIX_FMT_YUV420P,
             kTv,
             77,
             {193, 107, 10},
             308},
        Case{"TenToEightRounds",
             AV_PIX_FMT_YUV420P10,
             kTv,
             310,
             {96, 54, 8},
             78},
        Case{"TenToEightSmaller",
             AV_PIX_FMT_YUV420P10,
             kTv,
             310,
             {47, 25, 8},
             78},
        Case{"FullToLimited", AV_PIX_FMT_YUV420P, kPc, 255, {96, 54, 8}, 235},
        Case{"FullTenToLimitedEight",
             AV_PIX_FMT_YUV420P10,
             kPc,
             1023,
             {47, 25, 8},
             235},
        Case{"LimitedToFull",
             AV_PIX_FMT_YUV420P,
             kTv,
             235,
             {96, 54, 8, true},
             255},
        Case{"WhiterThanWhite",
             AV_PIX_FMT_YUV420P,
             kTv,
             255,
             {47, 25, 8, true},
             255},
        Case{"BeyondItsDepth",
             AV_PIX_FMT_YUV420P10,
             kTv,
             0xFFFF,
             {96, 54, 8},
             255}),
    [](const auto& test) { return test.param.name; });

TEST(LumaScalerSameTest, SharesWhatIsTheTargetAlready) {
  auto scaler = LumaScaler::Create({.width = 96, .height = 54});
  ASSERT_TRUE(scaler.has_value());
  const Picture picture = Flat(AV_PIX_FMT_YUV444P, 3, kTv);
  const auto same = scaler->Scale(picture);
  ASSERT_TRUE(same.has_value());
  EXPECT_EQ(same->plane(0).data, picture.plane(0).data);
}

// One scaler decides what viewers of a rung are thought to see, the other what
// is fed to encoders: they must not differ.
TEST(LumaScalerSameTest, GivesTheLumaOfTheColourScaler) {
  const Picture picture = Paint(AV_PIX_FMT_YUV420P, 96, 54, kTv,
                                [](int x, int y) { return Texture(x, y); });
  for (const auto& [width, height] : {std::tuple{192, 108}, {64, 36}}) {
    auto luma = LumaScaler::Create({.width = width, .height = height});
    auto colour = Scaler::Create({.width = width, .height = height});
    const Picture a = *luma->Scale(picture), b = *colour->Scale(picture);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        ASSERT_EQ(LumaAt(a, x, y), LumaAt(b, x, y)) << x << ' ' << y;
  }
}

TEST(LumaScalerSameTest, FollowsAChangeOfFormat) {
  auto scaler = LumaScaler::Create({.width = 96, .height = 54});
  for (int i = 0; i < 2; ++i) {
    const auto eight = scaler->Scale(
        Paint(AV_PIX_FMT_YUV420P, 31, 99, kTv, [](int, int) { return 99; }));
    ASSERT_TRUE(eight.has_value());
    EXPECT_EQ(LumaAt(*eight, 95, 53), 99);
    const auto ten = scaler->Scale(Flat(AV_PIX_FMT_YUV420P10, 400, kTv));
    ASSERT_TRUE(ten.has_value());
    EXPECT_EQ(LumaAt(*ten, 95, 53), 100);
  }
}

TEST(LumaScalerSameTest, RefusesBadTargets) {
  EXPECT_FALSE(LumaScaler::Create({.width = 0, .height = 9}).has_value());
  EXPECT_FALSE(LumaScaler::Create({.width = 9, .height = 16385}).has_value());
  EXPECT_FALSE(LumaScaler::Create({.width = 9, .height = 9, .bit_depth = 11})
                   .has_value());
}

}  // namespace
}  // namespace reel::media
