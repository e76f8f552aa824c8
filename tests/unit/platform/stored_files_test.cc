// The law of what lies in a store: a directory, and an S3 server.
#include "platform/stored_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>

#include "base/digest.h"
#include "base/file.h"
#include "platform/clock.h"
#include "platform/open_stores.h"
#include "platform/s3_client.h"
#include "testing/temp_dir.h"
#include "testing/test_s3.h"

namespace reel::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

enum class Kind { kDirectory, kS3 };
void PrintTo(Kind kind, std::ostream* out) {
  *out << (kind == Kind::kS3 ? "S3" : "Directory");
}

// A day: clocks of servers may be a little off.
constexpr int64_t kLong = 86'400'000;

class StoredFilesTest : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    url_ = "file://" + dir_.path() + "/store";
    if (GetParam() == Kind::kS3) {
      s3_ = testing::TestS3();
      if (!s3_) GTEST_SKIP() << testing::kNoS3;
      s3_->bucket = testing::UniqueName("stored-files");
      ASSERT_TRUE(S3Client(*s3_).MakeBucket());
      url_ = "s3://" + s3_->bucket + "/some/where/";
    }
    const Environment environment = [this](const char* name) -> std::string {
      const std::string variable = name;
      if (!s3_) return "";
      if (variable == "AWS_ENDPOINT_URL") return s3_->endpoint;
      if (variable == "AWS_ACCESS_KEY_ID")
        return s3_->scope.credentials.access_key;
      if (variable == "AWS_SECRET_ACCESS_KEY")
        return s3_->scope.credentials.secret_key;
      return "";
    };
    objects_ = OpenObjectStore(url_, dir_.path() + "/cache", 1000, environment)
                   .value();
    titles_ = OpenTitleStore(url_, *objects_, environment).value();
    files_ = OpenStoredFiles(url_, environment).value();
  }
  std::vector<std::string> Paths(const std::string& folder,
                                 const std::string& after = "",
                                 int limit = 1000) {
    std::vector<std::string> paths;
    const auto found = files_->List(folder, after, limit).value();
    for (const StoredFile& file : found) paths.push_back(file.path);
    return paths;
  }
  void PutTitle(const std::string& title, const std::string& path) {
    ASSERT_TRUE(
        titles_->PutBytes(title, path, base::AsBytes("hello"), "text/plain"));
  }

  testing::TempDir dir_;
  std::optional<S3Options> s3_;
  std::string url_;
  std::unique_ptr<ObjectStore> objects_;
  std::unique_ptr<TitleStore> titles_;
  std::unique_ptr<StoredFiles> files_;
};

TEST_P(StoredFilesTest, ListsAFolderInPages) {
  PutTitle("a", "master.m3u8");
  PutTitle("a", "video/1.mp4");
  PutTitle("b", "master.m3u8");
  EXPECT_THAT(Paths("titles", "", 2),
              ElementsAre("titles/a/master.m3u8", "titles/a/video/1.mp4"));
  EXPECT_THAT(Paths("titles", "titles/a/video/1.mp4"),
              ElementsAre("titles/b/master.m3u8"));
  EXPECT_THAT(Paths("uploads"), IsEmpty());
}

TEST_P(StoredFilesTest, TellsSizesAndTimes) {
  ASSERT_TRUE(objects_->PutBytes(base::AsBytes("hello")));
  const auto files = files_->List("objects", "", 10).value();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].size_bytes, 5);
  EXPECT_NEAR(static_cast<double>(files[0].modified_ms),
              static_cast<double>(SystemClockMs()), kLong);
}

TEST_P(StoredFilesTest, DeletesAFileAndThoseAroundItStay) {
  PutTitle("a", "video/1.mp4");
  PutTitle("a", "master.m3u8");
  ASSERT_TRUE(files_->Delete("titles/a/video/1.mp4"));
  ASSERT_TRUE(files_->Delete("titles/a/video/1.mp4"));
  EXPECT_THAT(Paths("titles"), ElementsAre("titles/a/master.m3u8"));
  ASSERT_TRUE(files_->Delete("titles/a/master.m3u8"));
  EXPECT_THAT(Paths("titles"), IsEmpty());
}

TEST_P(StoredFilesTest, RemovesWhatWasBegunAndNeverEnded) {
  if (s3_) {
    ASSERT_TRUE(S3Client(*s3_).BeginUpload("some/where/objects/abc"));
    ASSERT_TRUE(S3Client(*s3_).BeginUpload("some/where/uploads/u/film.mov"));
  } else {
    ASSERT_TRUE(base::WriteFileAtomically(dir_.path() + "/store/tmp/1-2",
                                          base::AsBytes("half")));
  }
  EXPECT_EQ(files_->RemoveUnfinished(SystemClockMs() - kLong).value(), 0);
  EXPECT_EQ(files_->RemoveUnfinished(SystemClockMs() + kLong).value(), 1);
  EXPECT_EQ(files_->RemoveUnfinished(SystemClockMs() + kLong).value(), 0);
}

TEST_P(StoredFilesTest, NamesAFileAsASource) {
  EXPECT_EQ(files_->UrlOf("uploads/u/film.mov"),
            s3_ ? "s3://" + s3_->bucket + "/some/where/uploads/u/film.mov"
                : dir_.path() + "/store/uploads/u/film.mov");
}

INSTANTIATE_TEST_SUITE_P(Kinds, StoredFilesTest,
                         ::testing::Values(Kind::kDirectory, Kind::kS3),
                         ::testing::PrintToStringParamName());

TEST(OpenStoredFilesTest, WhatIsNoStoreIsRefused) {
  EXPECT_EQ(OpenStoredFiles("ftp://host/x").error().code,
            base::Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::platform
