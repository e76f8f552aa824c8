#include "imf/mxf_file.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <random>
#include <vector>

#include "testing/temp_dir.h"

namespace reel::imf {
namespace {

using Bytes = std::vector<uint8_t>;

void Put(Bytes& bytes, uint64_t value, int width) {
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
    bytes.push_back(static_cast<uint8_t>(value >> shift));
}

void Append(Bytes& bytes, const Bytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

const Bytes kCoding{0x06, 0x0E, 0x2B, 0x34, 4, 1, 1, 0x0D,
                    4,    1,    2,    2,    3, 1, 8, 1};
const Bytes kContainer{0x06, 0x0E, 0x2B, 0x34, 4, 1,    1, 0x0D,
                       0x0D, 1,    3,    1,    2, 0x0C, 6, 0};

// A header partition with the metadata, and a footer partition.
Bytes Mxf(const Bytes& metadata, uint64_t index_bytes) {
  const auto partition = [&](uint8_t kind, uint64_t at, uint64_t footer,
                             uint64_t header, uint64_t index) {
    Bytes bytes{0x06, 0x0E, 0x2B, 0x34, 2, 5,    1, 1,
                0x0D, 1,    2,    1,    1, kind, 4, 0};
    Put(bytes, 0x83000068, 4);  // length: 104
    Put(bytes, 0x00010003, 4);  // version
    Put(bytes, 1, 4);           // KAG size
    for (const uint64_t value : {at, uint64_t{0}, footer, header, index})
      Put(bytes, value, 8);
    Put(bytes, 0, 4);  // IndexSID
    Put(bytes, 0, 8);  // BodyOffset
    Put(bytes, 1, 4);  // BodySID
    Append(bytes, Bytes(16, 0));
    Put(bytes, 1, 4);
    Put(bytes, 16, 4);
    Append(bytes, kContainer);
    return bytes;
  };
  const uint64_t footer = 124 + metadata.size();
  Bytes bytes = partition(2, 0, footer, metadata.size(), 0);
  Append(bytes, metadata);
  Append(bytes, partition(4, footer, footer, 0, index_bytes));
  return bytes;
}

Bytes Set(uint8_t kind, uint16_t tag, const Bytes& value) {
  Bytes bytes{0x06, 0x0E, 0x2B, 0x34, 2, 0x53, 1,    1,
              0x0D, 1,    1,    1,    1, 1,    kind, 0};
  bytes.push_back(static_cast<uint8_t>(4 + value.size()));
  Put(bytes, tag, 2);
  Put(bytes, value.size(), 2);
  Append(bytes, value);
  return bytes;
}

Bytes Metadata() {
  Bytes umid(32);
  for (size_t i = 0; i < 32; ++i) umid[i] = static_cast<uint8_t>(i);
  Bytes bytes = Set(0x23, 0x2701, umid);
  Append(bytes, Set(0x29, 0x3201, kCoding));
  return bytes;
}

class MxfFileTest : public ::testing::Test {
 protected:
  base::Result<MxfFacts> Read(const Bytes& bytes) const {
    const std::string path = dir_.path() + "/a.mxf";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    return ReadMxfFacts(path);
  }

 private:
  reel::testing::TempDir dir_;
};

TEST_F(MxfFileTest, FindsIdentityAndCoding) {
  const auto facts = Read(Mxf(Metadata(), 0));
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->package_id, "10111213-1415-1617-1819-1a1b1c1d1e1f");
  EXPECT_EQ(facts->coding, "060e2b340401010d0401020203010801");
  EXPECT_EQ(facts->container, "060e2b340401010d0d010301020c0600");
  EXPECT_FALSE(facts->has_index);
}

TEST_F(MxfFileTest, FindsAnIndexInTheFooter) {
  const auto facts = Read(Mxf(Metadata(), 100));
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_TRUE(facts->has_index);
}

TEST_F(MxfFileTest, SkipsARunIn) {
  Bytes bytes(1000, 0xAB);
  Append(bytes, Mxf(Metadata(), 100));
  const auto facts = Read(bytes);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_TRUE(facts->has_index);
}

TEST_F(MxfFileTest, RefusesWhatIsNoMxf) {
  for (const Bytes& bytes : {Bytes{}, Bytes(100, 0), Bytes(100'000, 6)}) {
    const auto facts = Read(bytes);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().code, base::Code::kCorruptInput);
  }
}

TEST_F(MxfFileTest, SurvivesMutations) {
  const Bytes sound = Mxf(Metadata(), 100);
  std::mt19937 random(20261122);
  for (int round = 0; round < 3000; ++round) {
    Bytes bytes = sound;
    for (int n = 0; n < 3; ++n)
      bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    if (round % 3 == 0) bytes.resize(random() % bytes.size());
    (void)Read(bytes);
  }
}

}  // namespace
}  // namespace reel::imf
