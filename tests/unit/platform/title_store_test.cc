// The law of stores of finished titles: a directory, and an S3 server.
#include "platform/title_store.h"

#include <gtest/gtest.h>

#include <ostream>

#include "base/file.h"
#include "platform/directory_store.h"
#include "platform/s3_store.h"
#include "testing/temp_dir.h"
#include "testing/test_s3.h"

namespace reel::platform {
namespace {

using base::Code;

enum class Kind { kDirectory, kS3 };
void PrintTo(Kind kind, std::ostream* out) {
  *out << (kind == Kind::kS3 ? "S3" : "Directory");
}

class TitleStoreTest : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::kDirectory) {
      objects_ =
          DirectoryStore::Open(dir_.path() + "/objects", dir_.path() + "/tmp")
              .value();
      titles_ = MakeDirectoryTitleStore(dir_.path(), *objects_);
      return;
    }
    auto s3 = testing::TestS3();
    if (!s3) GTEST_SKIP() << testing::kNoS3;
    s3->bucket = testing::UniqueName("titles");
    ASSERT_TRUE(S3Client(*s3).MakeBucket());
    S3StoreOptions options;
    options.s3 = *s3;
    options.prefix = "some/where";
    options.cache_directory = dir_.path() + "/cache";
    objects_ = S3Store::Open(options).value();
    titles_ = MakeS3TitleStore(*s3, options.prefix);
    http_ = s3->http;
  }
  Object Put(const std::string& text) {
    return objects_->PutBytes(base::AsBytes(text)).value();
  }
  std::string Get(const std::string& title, const std::string& path) {
    const auto bytes = titles_->GetRange(title, path, 0, 1000).value();
    return {bytes.begin(), bytes.end()};
  }

  testing::TempDir dir_;
  std::unique_ptr<ObjectStore> objects_;
  std::unique_ptr<TitleStore> titles_;
  HttpOptions http_;
};

TEST_P(TitleStoreTest, AnObjectBecomesAFile) {
  const Object object = Put("pictures");
  ASSERT_TRUE(titles_->PutObject("t1", "video/a.mp4", object, "video/mp4"));
  EXPECT_EQ(Get("t1", "video/a.mp4"), "pictures");
  EXPECT_EQ(titles_->Size("t1", "video/a.mp4").value(), 8);
  // Once more, as after a crash; and with other bytes.
  ASSERT_TRUE(titles_->PutObject("t1", "video/a.mp4", object, "video/mp4"));
  ASSERT_TRUE(
      titles_->PutObject("t1", "video/a.mp4", Put("others"), "video/mp4"));
  EXPECT_EQ(Get("t1", "video/a.mp4"), "others");
}

TEST_P(TitleStoreTest, BytesBecomeAFile) {
  ASSERT_TRUE(titles_->PutBytes("t1", "master.m3u8", base::AsBytes("#EXTM3U"),
                                "application/vnd.apple.mpegurl"));
  EXPECT_EQ(Get("t1", "master.m3u8"), "#EXTM3U");
}

TEST_P(TitleStoreTest, RangesEndWithTheFile) {
  ASSERT_TRUE(
      titles_->PutBytes("t", "a", base::AsBytes("0123456789"), "text/plain"));
  const auto some = titles_->GetRange("t", "a", 8, 100).value();
  EXPECT_EQ(std::string(some.begin(), some.end()), "89");
}

TEST_P(TitleStoreTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(titles_->Size("t", "nothing").error().code, Code::kNotFound);
  EXPECT_EQ(titles_->GetRange("t", "nothing", 0, 1).error().code,
            Code::kNotFound);
}

TEST_P(TitleStoreTest, NothingLeadsOutOfATitle) {
  for (const char* path : {"../a", "/a", "", "a/../../b"}) {
    EXPECT_EQ(titles_->PutBytes("t", path, {}, "").error().code,
              Code::kInvalidArgument)
        << path;
    EXPECT_EQ(titles_->Size(path, "a").error().code, Code::kInvalidArgument);
  }
}

TEST_P(TitleStoreTest, AddressesAreForAnybodyAndTellTheType) {
  ASSERT_TRUE(titles_->PutObject("t", "a.mp4", Put("pictures"), "video/mp4"));
  const std::string url = titles_->Url("t", "a.mp4", std::chrono::minutes(5));
  if (GetParam() == Kind::kDirectory) {
    EXPECT_EQ(url, "");
    return;
  }
  HttpClient http(http_);
  const auto response = http.Send({.method = "GET", .url = url}).value();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.text, "pictures");
  EXPECT_EQ(response.headers.at("content-type"), "video/mp4");
}

INSTANTIATE_TEST_SUITE_P(Kinds, TitleStoreTest,
                         ::testing::Values(Kind::kDirectory, Kind::kS3),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace reel::platform
