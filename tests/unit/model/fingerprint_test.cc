#include "model/fingerprint.h"

#include <gtest/gtest.h>

namespace reel::model {
namespace {

Fingerprints Two() {
  Fingerprints two(2);
  two[0].projection.front() = -32768;
  two[0].projection.back() = 32767;
  two[0].mean = 0x1234;
  two[1].change = 65535;
  return two;
}

TEST(FingerprintTest, ComesBackAsItWasStored) {
  const auto parsed = ParseFingerprints(Serialize(Two()));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(*parsed, Two());
}

TEST(FingerprintTest, BytesAreThoseOfVersion1) {
  const auto bytes = Serialize(Two());
  ASSERT_EQ(bytes.size(), 4u + 2 * 96);
  EXPECT_EQ(std::string(bytes.begin(), bytes.begin() + 4), "RFP1");
  EXPECT_EQ(bytes[4], 0x00);  // -32768, little-endian
  EXPECT_EQ(bytes[5], 0x80);
  EXPECT_EQ(bytes[4 + 92], 0x34);  // mean of the first frame
  EXPECT_EQ(bytes[4 + 93], 0x12);
}

TEST(FingerprintTest, AnEmptyTitleHasNone) {
  const auto parsed = ParseFingerprints(Serialize({}));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_TRUE(parsed->empty());
}

TEST(FingerprintTest, OtherBytesAreCorrupt) {
  auto bytes = Serialize(Two());
  for (const size_t size : {0, 3, 5, 99, 195}) {
    const auto cut = ParseFingerprints(std::span(bytes).first(size));
    ASSERT_FALSE(cut.has_value()) << size;
    EXPECT_EQ(cut.error().code, base::Code::kCorruptInput);
  }
  bytes[3] = '2';
  EXPECT_FALSE(ParseFingerprints(bytes).has_value());
}

}  // namespace
}  // namespace reel::model
