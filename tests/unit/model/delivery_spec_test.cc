#include "model/delivery_spec.h"

#include <gmock/gmock.h>

namespace reel::model {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const std::string& toml) {
  const auto spec = ParseDeliverySpec(toml, "x.toml");
  return spec ? "" : spec.error().message;
}

TEST(DeliverySpecTest, TheBuiltInOnesAreSound) {
  EXPECT_THAT(
      BuiltInSpecNames(),
      ::testing::ElementsAre("imf-app2e", "prores-422-hq", "web-upload"));
  for (const std::string& name : BuiltInSpecNames()) {
    const auto spec = LoadDeliverySpec(name);
    ASSERT_TRUE(spec.has_value()) << spec.error().message;
    EXPECT_EQ(spec->name, name);
    EXPECT_FALSE(spec->video.codecs.empty());
    EXPECT_EQ(base::Json(*spec),
              base::Json(base::Json(*spec).get<DeliverySpec>()));
  }
}

TEST(DeliverySpecTest, ErrorsSayWhere) {
  EXPECT_THAT(ErrorOf("[video]\ncodec = []"),
              HasSubstr("line 2, column 1: unknown key video.codec"));
  EXPECT_THAT(ErrorOf("[video]\ncodecs = 3"),
              HasSubstr("video.codecs must be a list of texts"));
  EXPECT_THAT(ErrorOf("[video]\nbit_depths = [8, \"10\"]"),
              HasSubstr("video.bit_depths must hold whole numbers only"));
  EXPECT_THAT(ErrorOf("[video]\nframe_rates = [\"25/0\"]"),
              HasSubstr("\"25/0\" is no rate"));
  EXPECT_THAT(ErrorOf("[video]\nscan = \"both\""),
              HasSubstr("video.scan must be one of"));
  EXPECT_THAT(ErrorOf("[video"), HasSubstr("line 1"));
}

TEST(DeliverySpecTest, AnUnknownNameTellsTheKnownOnes) {
  const auto spec = LoadDeliverySpec("no-such");
  ASSERT_FALSE(spec.has_value());
  EXPECT_EQ(spec.error().code, base::Code::kNotFound);
  EXPECT_THAT(spec.error().message, HasSubstr("prores-422-hq"));
}

TEST(ParseRateTest, TakesWholeNumbersAndFractions) {
  EXPECT_EQ(ParseRate("25").value(), (base::Rational{25, 1}));
  EXPECT_EQ(ParseRate("24000/1001").value(), (base::Rational{24000, 1001}));
  for (const char* text : {"", "/", "25/", "-1", "0", "1/-2", "25fps", "9e3"})
    EXPECT_FALSE(ParseRate(text).has_value()) << text;
}

}  // namespace
}  // namespace reel::model
