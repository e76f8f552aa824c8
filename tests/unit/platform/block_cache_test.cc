#include "platform/block_cache.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "testing/temp_dir.h"

namespace reel::platform {
namespace {

// Room for three blocks of four bytes.
class BlockCacheTest : public ::testing::Test {
 protected:
  void Put(int64_t index, const std::string& bytes) {
    ASSERT_TRUE(cache_->Put({"film", index}, base::AsBytes(bytes)));
  }
  // "" if it is not there.
  std::string Get(const BlockKey& key, size_t size = 4, int64_t offset = 0) {
    std::vector<uint8_t> bytes(size);
    const auto there = cache_->Read(key, offset, bytes);
    EXPECT_TRUE(there) << there.error().message;
    return *there ? std::string(bytes.begin(), bytes.end()) : "";
  }

  testing::TempDir dir_;
  std::unique_ptr<BlockCache> cache_ =
      BlockCache::Open(dir_.path() + "/cache", 14, 4).value();
};

TEST_F(BlockCacheTest, GivesBackWhatWasPut) {
  Put(0, "abcd");
  Put(7, "ef");
  EXPECT_EQ(Get({"film", 0}), "abcd");
  EXPECT_EQ(Get({"film", 0}, 2, 1), "bc");
  EXPECT_EQ(Get({"film", 7}, 2), "ef");
  EXPECT_EQ(Get({"film", 1}), "");
  EXPECT_EQ(Get({"other", 0}), "");
  EXPECT_TRUE(cache_->Has({"film", 7}));
  EXPECT_FALSE(cache_->Has({"film", 1}));
}

TEST_F(BlockCacheTest, DropsWhatWasUsedLeastRecently) {
  Put(0, "aaaa");
  Put(1, "bbbb");
  Put(2, "cccc");
  EXPECT_EQ(Get({"film", 0}), "aaaa");
  Put(3, "dddd");
  EXPECT_EQ(Get({"film", 1}), "");
  Put(4, "eeee");
  EXPECT_EQ(Get({"film", 2}), "");
  EXPECT_EQ(Get({"film", 0}), "aaaa");
  EXPECT_EQ(Get({"film", 3}), "dddd");
  EXPECT_EQ(Get({"film", 4}), "eeee");
}

TEST_F(BlockCacheTest, HoldsNoMoreThanThereIsRoomFor) {
  EXPECT_EQ(cache_->capacity(), 3);
  for (int64_t i = 0; i < 1000; ++i) Put(i, "aaaa");
  int there = 0;
  for (int64_t i = 0; i < 1000; ++i) there += cache_->Has({"film", i});
  EXPECT_EQ(there, 3);
}

TEST_F(BlockCacheTest, LeavesNoFileBehind) {
  Put(0, "aaaa");
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path() + "/cache"));
}

TEST(BlockCacheOpenTest, SaysWhereItCannotBe) {
  const auto cache = BlockCache::Open("/proc/cache", 4, 4);
  ASSERT_FALSE(cache);
  EXPECT_NE(cache.error().message.find("/proc/cache"), std::string::npos);
}

}  // namespace
}  // namespace reel::platform
