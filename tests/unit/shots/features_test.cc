#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "shots/shots.h"

namespace reel::shots {
namespace {

Features Some(size_t count, int64_t first_packet) {
  std::mt19937 rng(20240229);
  Features features(count);
  for (FrameFeatures& f : features) {
    f.packet = first_packet++;
    f.residual = static_cast<uint16_t>(rng());
    f.texture = static_cast<uint16_t>(rng());
    f.live = 48;
    f.novel = static_cast<uint8_t>(rng());
    f.textured = 40;
    f.reshaped = static_cast<uint8_t>(rng());
    for (uint8_t& level : f.luma) level = static_cast<uint8_t>(rng());
    for (uint8_t& level : f.cb) level = static_cast<uint8_t>(rng());
    for (uint8_t& level : f.cr) level = static_cast<uint8_t>(rng());
  }
  return features;
}

TEST(FeaturesTest, ComeBackAsTheyWere) {
  const Features features = Some(17, 3);
  const auto got = ParseFeatures(Serialize(features));
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_TRUE(*got == features);
}

TEST(FeaturesTest, NoCutAndNoExtraByteGoesUnnoticed) {
  auto bytes = Serialize(Some(2, 0));
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ParseFeatures(std::span(bytes).first(size)).has_value());
  bytes.push_back(0);
  EXPECT_FALSE(ParseFeatures(bytes).has_value());
}

TEST(FeaturesTest, MergeKeepsAnOverlapOnceFromTheEarlierPiece) {
  const Features whole = Some(30, 0);
  Features first(whole.begin(), whole.begin() + 11);
  Features second(whole.begin() + 10, whole.end());
  second.front().residual = 0;  // knew no predecessor
  EXPECT_TRUE(MergeFeatures(std::vector{first, second}) == whole);
}

TEST(FeaturesTest, MergeKeepsAllWherePiecesDoNotOverlap) {
  const Features whole = Some(30, 0);
  const Features first(whole.begin(), whole.begin() + 10);
  const Features second(whole.begin() + 10, whole.end());
  EXPECT_TRUE(MergeFeatures(std::vector{first, {}, second}) == whole);
  EXPECT_TRUE(MergeFeatures({}).empty());
}

}  // namespace
}  // namespace reel::shots
