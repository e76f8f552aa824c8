#include "platform/s3_store.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/file.h"
#include "testing/temp_dir.h"
#include "testing/test_s3.h"

namespace reel::platform {
namespace {

using base::AsBytes;
using base::Code;

class S3StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto s3 = testing::TestS3();
    if (!s3) GTEST_SKIP() << testing::kNoS3;
    s3_ = *s3;
    s3_.bucket = testing::UniqueName("store");
    s3_.retry.max_attempts = 2;
    ASSERT_TRUE(S3Client(s3_).MakeBucket());
  }
  base::Result<std::unique_ptr<S3Store>> Open() {
    return S3Store::Open(
        {.s3 = s3_, .prefix = "", .cache_directory = dir_.path() + "/cache"});
  }

  testing::TempDir dir_;
  S3Options s3_;
};

TEST_F(S3StoreTest, SaysWhatIsWrongWithItsBucket) {
  const S3Options good = s3_;
  s3_.bucket = "no-such-bucket";
  const auto missing = Open();
  EXPECT_EQ(missing.error().code, Code::kInvalidArgument);
  EXPECT_NE(missing.error().message.find("make the bucket"), std::string::npos)
      << missing.error().message;
  s3_ = good;
  s3_.scope.credentials.secret_key += "x";
  const auto refused = Open();
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_NE(refused.error().message.find("secret key"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(refused.error().message.find(s3_.scope.credentials.secret_key),
            std::string::npos);
  s3_ = good;
  s3_.endpoint = "http://127.0.0.1:1";
  EXPECT_EQ(Open().error().code, Code::kUnavailable);
}

// Somebody else's bytes under an object's name.
TEST_F(S3StoreTest, DamageIsFoundAndTheObjectRemoved) {
  const auto store = Open().value();
  const std::string digest = store->PutBytes(AsBytes("frames"))->digest;
  S3Client client(s3_);
  const auto body = BodyOf(AsBytes("fr4mes"));
  ASSERT_TRUE(client.Put("objects/" + digest, body, base::Sha256("fr4mes")));
  EXPECT_EQ(store->Get(digest, 100).error().code, Code::kCorruptInput);
  EXPECT_FALSE(*store->Exists(digest));
  ASSERT_TRUE(store->PutBytes(AsBytes("frames")));
  EXPECT_TRUE(store->Fetch(digest)) << "made again, it is whole again";
}

TEST_F(S3StoreTest, PresignedUrlsOpenForAnybody) {
  const auto store = Open().value();
  const std::string digest = store->PutBytes(AsBytes("frames"))->digest;
  const std::string url = store->PresignGet(digest, std::chrono::seconds(60));
  HttpClient anybody({});
  EXPECT_EQ(anybody.Send({.method = "GET", .url = url})->text, "frames");
  EXPECT_EQ(anybody.Send({.method = "GET", .url = url + "0"})->status, 403);
}

// Where the server knows them; the caller has another way.
TEST_F(S3StoreTest, ConditionalPut) {
  S3Client client(s3_);
  const auto body = BodyOf(AsBytes("frames"));
  const std::string digest = base::Sha256("frames");
  const auto first =
      client.PutNew("a key, with (everything) + é%", body, digest);
  if (!first && first.error().code == Code::kUnsupported) GTEST_SKIP();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(
      client.PutNew("a key, with (everything) + é%", body, digest).error().code,
      Code::kConflict);
}

TEST_F(S3StoreTest, TheServerChecksWhatArrives) {
  S3Client client(s3_);
  const auto body = BodyOf(AsBytes("frames"));
  EXPECT_FALSE(client.Put("key", body, base::Sha256("other")));
  EXPECT_FALSE(*client.Head("key"));
}

}  // namespace
}  // namespace reel::platform
