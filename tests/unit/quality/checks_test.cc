#include "quality/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace reel::quality {
namespace {

using ::testing::HasSubstr;

void ExpectRefused(const base::Status& status, const std::string& why) {
  ASSERT_FALSE(status.has_value()) << why;
  EXPECT_EQ(status.error().code, base::Code::kInvalidArgument);
  EXPECT_THAT(status.error().message, HasSubstr(why));
}

TEST(CheckFormatTest, TakesAllWithinItsBounds) {
  EXPECT_TRUE(CheckFormat({32, 32, 8}).has_value());
  EXPECT_TRUE(CheckFormat({16384, 16384, 16}).has_value());
  EXPECT_TRUE(CheckFormat({351, 263, 10}).has_value());
}

TEST(CheckFormatTest, NamesWhatIsOutOfBounds) {
  ExpectRefused(CheckFormat({31, 32, 8}), "31x32");
  ExpectRefused(CheckFormat({32, 31, 8}), "32x31");
  ExpectRefused(CheckFormat({16385, 32, 8}), "16385x32");
  ExpectRefused(CheckFormat({0, -5, 8}), "0x-5");
  ExpectRefused(CheckFormat({32, 32, 7}), "7 bit");
  ExpectRefused(CheckFormat({32, 32, 17}), "17 bit");
}

class CheckPlaneTest : public ::testing::Test {
 protected:
  base::Status Check(int bit_depth, const media::Plane& plane) {
    return CheckPlane({40, 32, bit_depth}, plane, "the distorted picture");
  }
  std::vector<uint16_t> samples_ = std::vector<uint16_t>(48 * 32);
  const uint8_t* data_ = reinterpret_cast<const uint8_t*>(samples_.data());
};

TEST_F(CheckPlaneTest, TakesPlanesOfTheFormat) {
  EXPECT_TRUE(Check(8, {data_, 40, 40, 32, 1}).has_value());
  EXPECT_TRUE(Check(8, {data_ + 1, 47, 40, 32, 1}).has_value());
  EXPECT_TRUE(Check(10, {data_, 96, 40, 32, 2}).has_value());
  // Lines from the bottom up.
  EXPECT_TRUE(Check(10, {data_ + 31 * 96, -96, 40, 32, 2}).has_value());
}

TEST_F(CheckPlaneTest, NamesThePictureAndWhatIsWrong) {
  ExpectRefused(Check(8, {nullptr, 40, 40, 32, 1}), "has no samples");
  ExpectRefused(Check(8, {data_, 40, 39, 32, 1}),
                "the distorted picture is 39x32, not 40x32");
  ExpectRefused(Check(8, {data_, 40, 40, 33, 1}), "40x33");
  ExpectRefused(Check(8, {data_, 96, 40, 32, 2}), "2 bytes a sample");
  ExpectRefused(Check(10, {data_, 96, 40, 32, 1}), "1 bytes a sample");
  ExpectRefused(Check(8, {data_, 39, 40, 32, 1}), "39 bytes apart");
  ExpectRefused(Check(10, {data_, 81, 40, 32, 2}), "not aligned");
  ExpectRefused(Check(10, {data_ + 1, 96, 40, 32, 2}), "not aligned");
}

TEST(CheckGainLimitsTest, AreFromNegToVmaf) {
  EXPECT_TRUE(CheckGainLimits({}).has_value());
  EXPECT_TRUE(CheckGainLimits(kNegGainLimits).has_value());
  ExpectRefused(CheckGainLimits({0.5, 1}), "0.5");
  ExpectRefused(CheckGainLimits({1, 101}), "101");
  ExpectRefused(CheckGainLimits({std::numeric_limits<double>::quiet_NaN(), 1}),
                "nan");
}

}  // namespace
}  // namespace reel::quality
