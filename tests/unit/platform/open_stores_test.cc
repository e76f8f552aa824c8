#include "platform/open_stores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "testing/temp_dir.h"
#include "testing/test_s3.h"

namespace reel::platform {
namespace {

using base::Code;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(OpenStoresTest, ADirectoryKeepsObjectsAndTitles) {
  const testing::TempDir dir;
  const std::string url = "file://" + dir.path();
  const auto objects = OpenObjectStore(url, dir.path(), 1000).value();
  const Object object = objects->PutBytes(base::AsBytes("hello")).value();
  const auto titles = OpenTitleStore(url, *objects).value();
  ASSERT_TRUE(titles->PutObject("title", "a.mp4", object, "video/mp4"));
  EXPECT_EQ(base::ReadTextFile(dir.path() + "/titles/title/a.mp4").value(),
            "hello");
}

TEST(OpenStoresTest, ABucketKeepsThemBelowItsPrefix) {
  const auto s3 = testing::TestS3();
  if (!s3) GTEST_SKIP() << testing::kNoS3;
  S3Options options = *s3;
  options.bucket = testing::UniqueName("open-stores");
  S3Client client(options);
  ASSERT_TRUE(client.MakeBucket());
  const Environment environment = [&](const char* name) -> std::string {
    const std::string variable = name;
    if (variable == "AWS_ENDPOINT_URL") return s3->endpoint;
    if (variable == "AWS_ACCESS_KEY_ID")
      return s3->scope.credentials.access_key;
    if (variable == "AWS_SECRET_ACCESS_KEY")
      return s3->scope.credentials.secret_key;
    if (variable == "REEL_S3_STYLE") return "path";
    return "";
  };
  const testing::TempDir dir;
  const std::string url = "s3://" + options.bucket + "/some/where/";
  const auto objects =
      OpenObjectStore(url, dir.path(), 1000, environment).value();
  const Object object = objects->PutBytes(base::AsBytes("hello")).value();
  const auto titles = OpenTitleStore(url, *objects, environment).value();
  ASSERT_TRUE(titles->PutObject("title", "a.mp4", object, "video/mp4"));
  EXPECT_TRUE(client.Head("some/where/titles/title/a.mp4").value());
}

TEST(OpenStoresTest, OtherNamesAreRefused) {
  for (const char* url : {"", "/some/dir", "file://relative", "ftp://x/y"}) {
    EXPECT_EQ(OpenObjectStore(url, "", 0).error().code, Code::kInvalidArgument)
        << url;
  }
}

TEST(OpenStoresTest, PasswordsDoNotGoOnTheCommandLine) {
  EXPECT_TRUE(CheckNoPassword("nats://host:4222", "X"));
  EXPECT_TRUE(CheckNoPassword("postgresql://user@host:5432/db?a=b:c@d", "X"));
  EXPECT_TRUE(CheckNoPassword("file:///some:where/a@b", "X"));
  const auto refused = CheckNoPassword("nats://me:secret@host:4222", "X_PASS");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("X_PASS"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace reel::platform
