#include "base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace reel::base {
namespace {

constexpr FormatTag kTag{"TEST", 3};

TEST(BytesTest, IntegersComeBackAsTheyWere) {
  ByteWriter writer(kTag);
  writer.Put(std::numeric_limits<int64_t>::min());
  writer.Put(int32_t{-2});
  writer.Put(std::array<uint16_t, 2>{0x1234, 0xffff});
  const auto bytes = writer.Take();
  ASSERT_EQ(bytes.size(), 8u + 8 + 4 + 4);
  ByteReader reader(bytes, kTag);
  EXPECT_EQ(reader.Get<int64_t>(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(reader.Get<int32_t>(), -2);
  std::array<uint16_t, 2> values{};
  reader.Get(values);
  EXPECT_EQ(values, (std::array<uint16_t, 2>{0x1234, 0xffff}));
  EXPECT_TRUE(reader.AtEnd());
}

TEST(BytesTest, IsLittleEndian) {
  ByteWriter writer(kTag);
  writer.Put(uint32_t{0x01020304});
  EXPECT_EQ(writer.Take(),
            (std::vector<uint8_t>{'T', 'E', 'S', 'T', 3, 0, 0, 0, 4, 3, 2, 1}));
}

TEST(BytesTest, MissingBytesAndOtherFormatsAreNoticed) {
  const auto bytes = ByteWriter(kTag).Take();
  ByteReader short_of(bytes, kTag);
  EXPECT_EQ(short_of.Get<int64_t>(), 0);
  EXPECT_FALSE(short_of.ok());
  EXPECT_FALSE(ByteReader(bytes, {"TEST", 4}).ok());
  EXPECT_FALSE(ByteReader(bytes, {"TOST", 3}).ok());
  EXPECT_FALSE(ByteReader({}, kTag).ok());
}

}  // namespace
}  // namespace reel::base
