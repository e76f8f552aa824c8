#include "media/upright.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "media/picture.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reel::media {
namespace {

// Every sample of every plane has another value, as far as bits allow.
Frame Numbered(AVPixelFormat format, int width, int height) {
  Frame frame = MakeFrameWithPlanes(format, width, height).value();
  AVFrame* raw = frame.get();
  const Picture picture(std::move(frame));
  for (int p = 0; p < picture.planes(); ++p) {
    const Plane plane = picture.plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const int value = y * plane.width + x + 31 * p;
        uint8_t* row = raw->data[p] + y * plane.stride_bytes;
        if (plane.bytes_per_sample == 1) {
          row[x] = static_cast<uint8_t>(value);
        } else {
          const auto wide = static_cast<uint16_t>(value & 1023);
          std::memcpy(row + 2 * x, &wide, 2);
        }
      }
    }
  }
  return CloneFrame(picture.frame()).value();
}

int At(const Plane& plane, int x, int y) {
  const uint8_t* row = plane.data + y * plane.stride_bytes;
  if (plane.bytes_per_sample == 1) return row[x];
  uint16_t value = 0;
  std::memcpy(&value, row + 2 * x, 2);
  return value;
}

struct Case {
  std::string name;
  AVPixelFormat format;
  int degrees;
};
class UprightTest : public testing::TestWithParam<Case> {};

// 38 x 22: neither a multiple of the tile nor square.
TEST_P(UprightTest, EverySampleGoesWhereTheTurnTakesIt) {
  const auto& [name, format, degrees] = GetParam();
  const Picture from(Numbered(format, 38, 22));
  auto turned = TurnClockwise(CloneFrame(from.frame()).value(), degrees);
  ASSERT_TRUE(turned.has_value()) << turned.error().message;
  const Picture to(*std::move(turned));
  ASSERT_EQ(to.planes(), from.planes());
  for (int p = 0; p < from.planes(); ++p) {
    const Plane a = from.plane(p);
    const Plane b = to.plane(p);
    ASSERT_EQ(b.width, degrees == 180 ? a.width : a.height);
    for (int y = 0; y < a.height; ++y) {
      for (int x = 0; x < a.width; ++x) {
        const int want_x = degrees == 90    ? a.height - 1 - y
                           : degrees == 180 ? a.width - 1 - x
                                            : y;
        const int want_y = degrees == 90    ? x
                           : degrees == 180 ? a.height - 1 - y
                                            : a.width - 1 - x;
        ASSERT_EQ(At(b, want_x, want_y), At(a, x, y))
            << "plane " << p << " at " << x << ", " << y;
      }
    }
  }
}

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (const int degrees : {90, 180, 270}) {
    for (const AVPixelFormat format :
         {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV440P,
          AV_PIX_FMT_YUV444P10, AV_PIX_FMT_YUV422P10, AV_PIX_FMT_GRAY8})
      cases.push_back({std::string(av_get_pix_fmt_name(format)) + "_" +
                           std::to_string(degrees),
                       format, degrees});
  }
  return cases;
}
INSTANTIATE_TEST_SUITE_P(Cases, UprightTest, testing::ValuesIn(AllCases()),
                         [](const auto& test) { return test.param.name; });

TEST(UprightZeroTest, IsTheSamePicture) {
  Frame frame = Numbered(AV_PIX_FMT_YUV420P, 8, 8);
  const uint8_t* pixels = frame->data[0];
  const auto turned = TurnClockwise(std::move(frame), 0);
  ASSERT_TRUE(turned.has_value());
  EXPECT_EQ((*turned)->data[0], pixels);
}

TEST(UprightZeroTest, RefusesFormatsWithoutATurnedTwin) {
  const auto turned = TurnClockwise(Numbered(AV_PIX_FMT_YUV411P, 8, 8), 90);
  ASSERT_FALSE(turned.has_value());
  EXPECT_EQ(turned.error().code, base::Code::kUnsupported);
}

}  // namespace
}  // namespace reel::media
