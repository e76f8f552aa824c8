#include "platform/directory_store.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "testing/temp_dir.h"

namespace reel::platform {
namespace {

using base::AsBytes;
using base::Code;

class DirectoryStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<DirectoryStore> Open() {
    return DirectoryStore::Open(dir_.path() + "/objects", dir_.path() + "/tmp")
        .value();
  }
  std::string Put(std::string_view text) {
    return store_->PutBytes(AsBytes(text)).value().digest;
  }
  // Overwrites an object where it lies.
  void Damage(const std::string& digest) {
    const std::string path = store_->Fetch(digest).value().path;
    std::filesystem::remove(path);
    ASSERT_TRUE(base::WriteFileAtomically(path, AsBytes("other")));
  }

  testing::TempDir dir_;
  std::unique_ptr<DirectoryStore> store_ = Open();
};

TEST_F(DirectoryStoreTest, LeavesNothingTemporary) {
  const std::string path = dir_.path() + "/file";
  for (const PutFrom from : {PutFrom::kCopy, PutFrom::kMove}) {
    ASSERT_TRUE(base::WriteFileAtomically(path, AsBytes("frames")));
    ASSERT_TRUE(store_->PutFile(path, from));
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path() + "/tmp"));
}

TEST_F(DirectoryStoreTest, DamageIsFoundAndTheObjectRemoved) {
  for (const bool seen_whole : {false, true}) {
    const std::string digest = Put("frames");
    if (!seen_whole) store_ = Open();  // remembers nothing
    Damage(digest);
    EXPECT_EQ(store_->Fetch(digest).error().code, Code::kCorruptInput);
    EXPECT_FALSE(*store_->Exists(digest));
    EXPECT_EQ(Put("frames"), digest);
    EXPECT_TRUE(store_->Fetch(digest)) << "made again, it is whole again";
  }
}

}  // namespace
}  // namespace reel::platform
