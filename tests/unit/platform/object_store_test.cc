// The law of the first seam, for every part that keeps it.
#include "platform/object_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/digest.h"
#include "base/file.h"
#include "platform/directory_store.h"
#include "platform/s3_store.h"
#include "testing/temp_dir.h"
#include "testing/test_s3.h"

namespace reel::platform {
namespace {

using base::AsBytes;
using base::Code;

std::string Text(const std::vector<uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

class ObjectStoreTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "Directory") {
      store_ =
          DirectoryStore::Open(dir_.path() + "/objects", dir_.path() + "/tmp")
              .value();
      return;
    }
    auto s3 = testing::TestS3();
    if (!s3) GTEST_SKIP() << testing::kNoS3;
    s3->bucket = testing::UniqueName("laws");
    ASSERT_TRUE(S3Client(*s3).MakeBucket());
    store_ = S3Store::Open({.s3 = *s3,
                            .prefix = "some/folder",
                            .cache_directory = dir_.path() + "/cache",
                            .part_bytes = 5 << 20})
                 .value();
  }
  std::string Put(std::string_view text) {
    return store_->PutBytes(AsBytes(text)).value().digest;
  }

  testing::TempDir dir_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_P(ObjectStoreTest, ObjectIsNamedByItsContent) {
  const auto object = store_->PutBytes(AsBytes("frames"));
  ASSERT_TRUE(object) << object.error().message;
  EXPECT_EQ(object->digest, base::Sha256("frames"));
  EXPECT_EQ(object->size_bytes, 6);
  EXPECT_EQ(Text(*store_->Get(object->digest, 100)), "frames");
  EXPECT_TRUE(*store_->Exists(object->digest));
}

TEST_P(ObjectStoreTest, AnEmptyObjectIsOne) {
  const std::string digest = Put("");
  EXPECT_EQ(Text(*store_->Get(digest)), "");
  EXPECT_TRUE(store_->Fetch(digest));
}

TEST_P(ObjectStoreTest, PuttingTwiceIsHarmless) {
  EXPECT_EQ(Put("frames"), Put("frames"));
  EXPECT_EQ(store_->List("", 10)->size(), 1u);
}

TEST_P(ObjectStoreTest, MovedFileIsGoneAndCopiedOneStays) {
  const std::string path = dir_.path() + "/file";
  for (const PutFrom from : {PutFrom::kCopy, PutFrom::kMove}) {
    ASSERT_TRUE(base::WriteFileAtomically(path, AsBytes("frames")));
    ASSERT_TRUE(store_->PutFile(path, from));
    EXPECT_EQ(std::filesystem::exists(path), from == PutFrom::kCopy);
  }
}

// More than one part of an upload, and a last one that is short.
TEST_P(ObjectStoreTest, LargeFilesComeBackWhole) {
  std::string text(12 << 20, 'x');
  for (size_t i = 0; i < text.size(); i += 89) text[i] = static_cast<char>(i);
  const std::string path = dir_.path() + "/file";
  ASSERT_TRUE(base::WriteFileAtomically(path, AsBytes(text)));
  const auto object = store_->PutFile(path, PutFrom::kMove);
  ASSERT_TRUE(object) << object.error().message;
  EXPECT_EQ(object->size_bytes, static_cast<int64_t>(text.size()));
  EXPECT_EQ(object->digest, base::Sha256(text));
  const auto local = store_->Fetch(object->digest);
  ASSERT_TRUE(local) << local.error().message;
  EXPECT_EQ(base::Sha256File(local->path).value(), object->digest);
  EXPECT_EQ(Text(*store_->GetRange(object->digest, 6 << 20, 3)),
            text.substr(6 << 20, 3));
}

TEST_P(ObjectStoreTest, RangeEndsWithItsObject) {
  const std::string digest = Put("0123456789");
  EXPECT_EQ(Text(*store_->GetRange(digest, 2, 3)), "234");
  EXPECT_EQ(Text(*store_->GetRange(digest, 8, 100)), "89");
  EXPECT_EQ(Text(*store_->GetRange(digest, 2, 0)), "");
  EXPECT_EQ(Text(*store_->GetRange(digest, 100, 1)), "");
  EXPECT_EQ(store_->GetRange(digest, -1, 1).error().code,
            Code::kInvalidArgument);
}

TEST_P(ObjectStoreTest, ComposeIsConcatenation) {
  const std::string parts[] = {Put("init"), Put("one"), Put("one")};
  const auto whole = store_->Compose(parts);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->digest, base::Sha256("initoneone"));
  EXPECT_EQ(Text(*store_->Get(whole->digest)), "initoneone");
}

TEST_P(ObjectStoreTest, ComposesLargeAndSmallObjects) {
  const std::string large(7 << 20, 'l'), small("small");
  const std::string parts[] = {Put(small), Put(large), Put(large), Put(small)};
  const auto whole = store_->Compose(parts);
  ASSERT_TRUE(whole) << whole.error().message;
  const std::string text = small + large + large + small;
  EXPECT_EQ(whole->digest, base::Sha256(text));
  EXPECT_EQ(Text(*store_->Get(whole->digest)), text);
  EXPECT_EQ(whole->size_bytes, static_cast<int64_t>(text.size()));
}

TEST_P(ObjectStoreTest, ComposingWhatIsNotThereFails) {
  const std::string parts[] = {Put("init"), std::string(64, '0')};
  EXPECT_EQ(store_->Compose(parts).error().code, Code::kNotFound);
  EXPECT_EQ(store_->List("", 10)->size(), 1u);
}

TEST_P(ObjectStoreTest, ListGoesOnAfterAName) {
  for (int i = 0; i < 40; ++i) Put(std::to_string(i));
  std::vector<std::string> names;
  for (;;) {
    const auto page = store_->List(names.empty() ? "" : names.back(), 7);
    ASSERT_TRUE(page) << page.error().message;
    if (page->empty()) break;
    for (const Object& object : *page) names.push_back(object.digest);
  }
  EXPECT_EQ(names.size(), 40u);
  EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST_P(ObjectStoreTest, WhatIsDeletedIsGone) {
  const std::string digest = Put("frames");
  ASSERT_TRUE(store_->Fetch(digest));
  ASSERT_TRUE(store_->Delete(digest));
  EXPECT_FALSE(*store_->Exists(digest));
  EXPECT_EQ(store_->Get(digest).error().code, Code::kNotFound);
  EXPECT_EQ(store_->Fetch(digest).error().code, Code::kNotFound);
  EXPECT_TRUE(store_->Delete(digest));
}

TEST_P(ObjectStoreTest, NoMoreBytesThanAllowed) {
  const std::string digest = Put("frames");
  EXPECT_EQ(store_->Get(digest, 5).error().code, Code::kResourceExhausted);
  EXPECT_TRUE(store_->Get(digest, 6));
}

TEST_P(ObjectStoreTest, DigestsFromOutsideAreChecked) {
  EXPECT_EQ(store_->Fetch("../../etc/passwd").error().code,
            Code::kInvalidArgument);
  EXPECT_EQ(store_->GetRange("..", 0, 1).error().code, Code::kInvalidArgument);
  EXPECT_EQ(store_->Delete("").error().code, Code::kInvalidArgument);
  EXPECT_EQ(store_->Fetch(std::string(64, '0')).error().code, Code::kNotFound);
  EXPECT_TRUE(store_->Delete(std::string(64, '0')));
}

TEST_P(ObjectStoreTest, ThreadsMayShareIt) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const std::string text = std::to_string(i % 5 + 10 * (t % 2));
        EXPECT_EQ(Text(*store_->Get(Put(text))), text);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->List("", 100)->size(), 10u);
}

INSTANTIATE_TEST_SUITE_P(Parts, ObjectStoreTest,
                         ::testing::Values("Directory", "S3"),
                         [](const auto& part) { return part.param; });

}  // namespace
}  // namespace reel::platform
