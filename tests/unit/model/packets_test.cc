#include "model/packets.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace reel::model {
namespace {

PacketIndex TwoPackets() {
  return {{{.pts = 512,
            .dts = -512,
            .duration = 512,
            .position = 48,
            .bytes = 1000,
            .key = true},
           {.position = -1, .bytes = 0, .corrupt = true, .discard = true}}};
}

// What version 1 looks like for ever.
const std::vector<uint8_t> kVersion1 = {
    'R',  'W',  'P', 'I', 1,   0,   0,   0,  //
    2,    0,    0,   0,   0,   0,   0,   0,  //
    0,    2,    0,   0,   0,   0,   0,   0,
    0,    0xFE, 255, 255, 255, 255, 255, 255,  //
    0,    2,    0,   0,   0,   0,   0,   0,
    48,   0,    0,   0,   0,   0,   0,   0,  //
    0xE8, 3,    0,   0,   1,                 //
    0,    0,    0,   0,   0,   0,   0,   128,
    0,    0,    0,   0,   0,   0,   0,   128,  //
    0,    0,    0,   0,   0,   0,   0,   0,
    255,  255,  255, 255, 255, 255, 255, 255,  //
    0,    0,    0,   0,   6};

TEST(PacketIndexTest, IsWrittenAsSpecified) {
  EXPECT_EQ(Serialize(TwoPackets()), kVersion1);
}

TEST(PacketIndexTest, ReadsVersion1) {
  const auto index = ParsePacketIndex(kVersion1);
  ASSERT_TRUE(index.has_value()) << index.error().message;
  EXPECT_EQ(index->packets, TwoPackets().packets);
}

TEST(PacketIndexTest, AnEmptyIndexIsOne) {
  const auto index = ParsePacketIndex(Serialize({}));
  ASSERT_TRUE(index.has_value());
  EXPECT_TRUE(index->packets.empty());
}

TEST(PacketIndexTest, RefusesEveryPrefixAndAnythingBehind) {
  for (size_t n = 0; n < kVersion1.size(); ++n)
    EXPECT_FALSE(ParsePacketIndex({kVersion1.data(), n}).has_value()) << n;
  std::vector<uint8_t> longer = kVersion1;
  longer.push_back(0);
  EXPECT_FALSE(ParsePacketIndex(longer).has_value());
}

TEST(PacketIndexTest, RefusesWhatItDoesNotKnow) {
  struct Change {
    size_t at;
    uint8_t to;
  };
  // Magic, version, count, the first packet's position, size and flags.
  for (const Change& c : {Change{0, 'X'},
                          {4, 2},
                          {8, 3},
                          {15, 1},
                          {47, 128},
                          {51, 128},
                          {52, 8}}) {
    std::vector<uint8_t> bytes = kVersion1;
    bytes[c.at] = c.to;
    const auto index = ParsePacketIndex(bytes);
    ASSERT_FALSE(index.has_value()) << c.at;
    EXPECT_EQ(index.error().code, base::Code::kCorruptInput);
  }
}

}  // namespace
}  // namespace reel::model
