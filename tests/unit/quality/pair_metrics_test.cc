#include "quality/pair_metrics.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_stream.h"

namespace reel::quality {
namespace {

MetricPair LumaOf(const media::Picture& a, const media::Picture& b) {
  return {.reference = a,
          .distorted = b,
          .reference_luma = a.plane(0),
          .distorted_luma = b.plane(0)};
}

TEST(MetricNamedTest, KnowsFour) {
  EXPECT_EQ(MetricNamed("ms-ssim").value(), Metric::kMsSsim);
  const auto none = MetricNamed("cambi");
  ASSERT_FALSE(none.has_value());
  EXPECT_NE(none.error().message.find("ciede"), std::string::npos);
}

TEST(MeasureTest, GivesWhatTheColumnsSay) {
  const std::vector<Metric> metrics = {Metric::kSsim, Metric::kPsnr};
  const media::Picture picture = ContentPicture(64, 48, 3);
  const auto values = Measure(metrics, LumaOf(picture, picture));
  ASSERT_TRUE(values.has_value()) << values.error().message;
  EXPECT_EQ(MetricColumns(metrics, false),
            (std::vector<std::string>{"float_ssim", "psnr_y"}));
  ASSERT_EQ(values->size(), 2u);
  EXPECT_NEAR((*values)[0], 1, 1e-6);
  EXPECT_EQ((*values)[1], 60);
  EXPECT_EQ(MetricColumns(metrics, true).size(), 4u);
}

TEST(MeasureTest, CiedeNeedsColour) {
  const media::Picture picture = ContentPicture(64, 48, 3);
  EXPECT_FALSE(ComparesInColour(picture, picture));
  const auto values =
      Measure(std::vector{Metric::kCiede2000}, LumaOf(picture, picture));
  ASSERT_FALSE(values.has_value());
  EXPECT_NE(values.error().message.find("colour"), std::string::npos);
}

}  // namespace
}  // namespace reel::quality
