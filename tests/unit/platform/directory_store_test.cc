#include "platform/directory_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/digest.h"
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
  std::string Text(const std::vector<uint8_t>& bytes) {
    return {bytes.begin(), bytes.end()};
  }
  // Overwrites an object where it lies.
  void Damage(const std::string& digest) {
    const std::string path = store_->Fetch(digest).value();
    std::filesystem::remove(path);
    ASSERT_TRUE(base::WriteFileAtomically(path, AsBytes("other")));
  }

  testing::TempDir dir_;
  std::unique_ptr<DirectoryStore> store_ = Open();
};

TEST_F(DirectoryStoreTest, ObjectIsNamedByItsContent) {
  const auto object = store_->PutBytes(AsBytes("frames"));
  ASSERT_TRUE(object);
  EXPECT_EQ(object->digest, base::Sha256("frames"));
  EXPECT_EQ(object->size_bytes, 6);
  EXPECT_EQ(Text(*store_->Get(object->digest, 100)), "frames");
  EXPECT_TRUE(*store_->Exists(object->digest));
}

TEST_F(DirectoryStoreTest, PuttingTwiceIsHarmless) {
  EXPECT_EQ(Put("frames"), Put("frames"));
  EXPECT_EQ(store_->List("", 10)->size(), 1u);
}

TEST_F(DirectoryStoreTest, MovedFileIsGoneAndCopiedOneStays) {
  const std::string path = dir_.path() + "/file";
  for (const PutFrom from : {PutFrom::kCopy, PutFrom::kMove}) {
    ASSERT_TRUE(base::WriteFileAtomically(path, AsBytes("frames")));
    ASSERT_TRUE(store_->PutFile(path, from));
    EXPECT_EQ(std::filesystem::exists(path), from == PutFrom::kCopy);
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path() + "/tmp"));
}

TEST_F(DirectoryStoreTest, RangeEndsWithItsObject) {
  const std::string digest = Put("0123456789");
  EXPECT_EQ(Text(*store_->GetRange(digest, 2, 3)), "234");
  EXPECT_EQ(Text(*store_->GetRange(digest, 8, 100)), "89");
  EXPECT_EQ(Text(*store_->GetRange(digest, 100, 1)), "");
  EXPECT_EQ(store_->GetRange(digest, -1, 1).error().code,
            Code::kInvalidArgument);
}

TEST_F(DirectoryStoreTest, ComposeIsConcatenation) {
  const std::string parts[] = {Put("init"), Put("one"), Put("one")};
  const auto whole = store_->Compose(parts);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->digest, base::Sha256("initoneone"));
}

TEST_F(DirectoryStoreTest, ListGoesOnAfterAName) {
  for (int i = 0; i < 40; ++i) Put(std::to_string(i));
  std::vector<std::string> names;
  for (;;) {
    const auto page = store_->List(names.empty() ? "" : names.back(), 7);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    for (const Object& object : *page) names.push_back(object.digest);
  }
  EXPECT_EQ(names.size(), 40u);
  EXPECT_TRUE(std::ranges::is_sorted(names));
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

TEST_F(DirectoryStoreTest, DigestsFromOutsideAreChecked) {
  EXPECT_EQ(store_->Fetch("../../etc/passwd").error().code,
            Code::kInvalidArgument);
  EXPECT_EQ(store_->Delete("").error().code, Code::kInvalidArgument);
  EXPECT_EQ(store_->Fetch(std::string(64, '0')).error().code, Code::kNotFound);
  EXPECT_TRUE(store_->Delete(std::string(64, '0')));
}

}  // namespace
}  // namespace reel::platform
