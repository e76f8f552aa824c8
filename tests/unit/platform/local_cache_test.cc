#include "platform/local_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "base/file.h"
#include "testing/temp_dir.h"

namespace reel::platform {
namespace {

using base::Code;

class LocalCacheTest : public ::testing::Test {
 protected:
  base::Result<LocalObject> Get(const std::string& name, int64_t size = 4) {
    return cache_->Get({name, size}, [&](const std::string& path) {
      ++downloads_;
      return base::WriteFileAtomically(
          path, std::vector<uint8_t>(static_cast<size_t>(size)));
    });
  }

  testing::TempDir dir_;
  std::unique_ptr<LocalCache> cache_ =
      LocalCache::Open(dir_.path() + "/cache", 10).value();
  std::atomic<int> downloads_ = 0;
};

TEST_F(LocalCacheTest, KeepsWhatThereIsRoomFor) {
  const std::string path = Get("a").value().path;
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(Get("a").value().path, path);
  EXPECT_EQ(downloads_, 1);
}

TEST_F(LocalCacheTest, DropsWhatWasUsedLeastRecently) {
  for (const char* name : {"a", "b", "a", "c"}) ASSERT_TRUE(Get(name));
  EXPECT_EQ(downloads_, 3);
  ASSERT_TRUE(Get("a"));
  EXPECT_EQ(downloads_, 3);
  ASSERT_TRUE(Get("b"));
  EXPECT_EQ(downloads_, 4);
}

TEST_F(LocalCacheTest, NeverDropsWhatIsHeld) {
  auto a = Get("a").value();
  const auto b = Get("b").value();
  EXPECT_EQ(Get("c").error().code, Code::kResourceExhausted);
  EXPECT_TRUE(std::filesystem::exists(a.path));
  EXPECT_TRUE(std::filesystem::exists(b.path));
  const LocalObject copy = a;
  a = {};
  EXPECT_EQ(Get("c").error().code, Code::kResourceExhausted)
      << "the copy holds it too";
}

TEST_F(LocalCacheTest, AFailedDownloadLeavesNothing) {
  const auto failed = cache_->Get({"a", 4}, [](const std::string& path) {
    (void)base::WriteFileAtomically(path, base::AsBytes("half"));
    return base::Status(base::Fail(Code::kUnavailable, "gone"));
  });
  EXPECT_EQ(failed.error().code, Code::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(dir_.path() + "/cache/a"));
  EXPECT_TRUE(Get("a"));
}

TEST_F(LocalCacheTest, ThreadsWaitForOneDownload) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] { EXPECT_TRUE(Get("a")); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(downloads_, 1);
}

TEST_F(LocalCacheTest, StartsEmpty) {
  ASSERT_TRUE(Get("a"));
  const auto other = LocalCache::Open(dir_.path() + "/cache", 10).value();
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path() + "/cache"));
}

}  // namespace
}  // namespace reel::platform
