#include "platform/s3_upload_store.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/file.h"
#include "platform/sql_session.h"
#include "testing/temp_dir.h"
#include "testing/test_s3.h"

namespace reel::platform {
namespace {

using base::AsBytes;
using base::Code;

constexpr int64_t kMiB = 1 << 20;

TEST(UploadPartBytesTest, PartsAreFewAndSmall) {
  EXPECT_EQ(UploadPartBytes(1).value(), 8 * kMiB);
  EXPECT_EQ(UploadPartBytes(80'000 * kMiB).value(), 8 * kMiB);
  EXPECT_EQ(UploadPartBytes(80'000 * kMiB + 1).value(), 9 * kMiB);
  EXPECT_EQ(UploadPartBytes(640'000 * kMiB).value(), 64 * kMiB);
  for (const int64_t size : {int64_t{-1}, int64_t{0}, 640'000 * kMiB + 1})
    EXPECT_EQ(UploadPartBytes(size).error().code, Code::kInvalidArgument);
}

class S3UploadStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto s3 = testing::TestS3();
    if (!s3) GTEST_SKIP() << testing::kNoS3;
    s3->bucket = bucket_;
    s3->retry.max_attempts = 2;
    s3_ = std::make_shared<S3Client>(*s3);
    ASSERT_TRUE(s3_->MakeBucket());
  }
  S3UploadStore Open() {
    return S3UploadStore(
        SqlSession::OpenSqlite(dir_.path() + "/state.db").value(), s3_, bucket_,
        "reel/", [this] { return now_ms_; });
  }
  static base::Status Put(S3UploadStore& store, const std::string& id,
                          int number, const std::string& bytes) {
    return store.PutPart(id, number, AsBytes(bytes), base::Sha256(bytes));
  }

  testing::TempDir dir_;
  const std::string bucket_ = testing::UniqueName("uploads");
  std::shared_ptr<S3Client> s3_;
  int64_t now_ms_ = 1000;
  const std::string first_ = std::string(8 * kMiB, 'a');
};

TEST_F(S3UploadStoreTest, PartsBecomeOneObject) {
  std::string id;
  {
    S3UploadStore store = Open();
    const auto begun = store.Begin("a/film.mov", 8 * kMiB + 3);
    ASSERT_TRUE(begun) << begun.error().message;
    id = begun->id;
    EXPECT_EQ(begun->part_count(), 2);
    ASSERT_TRUE(Put(store, id, 2, "old"));
    ASSERT_TRUE(Put(store, id, 2, "end"));
    EXPECT_EQ(store.Complete(id).error().code, Code::kConflict);
  }
  S3UploadStore store = Open();  // another process
  const auto found = store.Find(id).value();
  EXPECT_EQ(
      found.parts,
      (std::map<int, std::string>{{2, base::Sha256(std::string_view("end"))}}));
  ASSERT_TRUE(Put(store, id, 1, first_));
  const auto complete = store.Complete(id);
  ASSERT_TRUE(complete) << complete.error().message;
  const std::string key = "reel/uploads/" + id + "/a_film.mov";
  EXPECT_EQ(complete->source, "s3://" + bucket_ + "/" + key);
  std::string bytes;
  ASSERT_TRUE(s3_->Get(key, 8 * kMiB - 1, -1,
                       [&](std::span<const uint8_t> piece) -> base::Status {
                         bytes.append(piece.begin(), piece.end());
                         return {};
                       }));
  EXPECT_EQ(bytes, "aend");
  EXPECT_TRUE(store.Complete(id));
  EXPECT_EQ(Put(store, id, 1, first_).error().code, Code::kConflict);
}

TEST_F(S3UploadStoreTest, OtherPartsAreRefused) {
  S3UploadStore store = Open();
  const std::string id = store.Begin("film.mov", 8 * kMiB + 3)->id;
  EXPECT_EQ(Put(store, id, 0, first_).error().code, Code::kInvalidArgument);
  EXPECT_EQ(Put(store, id, 3, "end").error().code, Code::kInvalidArgument);
  EXPECT_EQ(Put(store, id, 1, "end").error().code, Code::kInvalidArgument);
  EXPECT_EQ(Put(store, "nothing", 1, "end").error().code, Code::kNotFound);
}

TEST_F(S3UploadStoreTest, WhatIsLeftBehindIsAbandoned) {
  S3UploadStore store = Open();
  const std::string old = store.Begin("old.mov", 3)->id;
  ASSERT_TRUE(Put(store, old, 1, "end"));
  const std::string done = store.Begin("done.mov", 3)->id;
  ASSERT_TRUE(Put(store, done, 1, "end"));
  ASSERT_TRUE(store.Complete(done));
  now_ms_ = 2000;
  const std::string young = store.Begin("young.mov", 3)->id;
  EXPECT_EQ(store.AbandonOlder(2000).value(), 1);
  EXPECT_EQ(store.Find(old).error().code, Code::kNotFound);
  EXPECT_TRUE(store.Find(done));
  EXPECT_TRUE(store.Find(young));
  ASSERT_TRUE(store.Abandon(done));
  EXPECT_EQ(s3_->List("reel/uploads/", "", 10)->size(), 1U);
}

}  // namespace
}  // namespace reel::platform
