#include "platform/s3_url.h"

#include <gtest/gtest.h>

#include <map>

namespace reel::platform {
namespace {

using base::Code;

TEST(ParseS3UrlTest, TellsBucketAndKey) {
  const auto url = ParseS3Url("s3://masters/films/a b?.mov");
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->bucket, "masters");
  EXPECT_EQ(url->key, "films/a b?.mov") << "plain text";
}

TEST(ParseS3UrlTest, ABucketAloneHasNoKey) {
  for (const char* text : {"s3://masters", "s3://masters/"}) {
    const auto url = ParseS3Url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->bucket, "masters");
    EXPECT_EQ(url->key, "");
  }
}

TEST(ParseS3UrlTest, RefusesWhatIsNone) {
  for (const char* text : {"", "s3:/a/b", "s3:///b", "https://a/b",
                           "s3://a:1/b", "s3://a@b/c", "s3://a%2Fb/c"})
    EXPECT_EQ(ParseS3Url(text).error().code, Code::kInvalidArgument) << text;
}

using Variables = std::map<std::string, std::string>;

Variables Keys() {
  return {{"AWS_ACCESS_KEY_ID", "key"}, {"AWS_SECRET_ACCESS_KEY", "secret"}};
}

base::Result<S3Options> OptionsOf(Variables variables) {
  return S3OptionsOf("bucket",
                     [&](const char* name) { return variables[name]; });
}

base::Result<S3Options> With(const char* name, const char* value) {
  Variables variables = Keys();
  variables[name] = value;
  return OptionsOf(variables);
}

TEST(S3OptionsOfTest, AmazonsOwnIsTheDefault) {
  const auto options = OptionsOf(Keys());
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->endpoint, "https://s3.us-east-1.amazonaws.com");
  EXPECT_EQ(options->bucket, "bucket");
  EXPECT_EQ(options->scope.region, "us-east-1");
  EXPECT_EQ(options->scope.credentials.access_key, "key");
  EXPECT_EQ(options->scope.credentials.secret_key, "secret");
  EXPECT_FALSE(options->path_style);
  EXPECT_EQ(With("AWS_REGION", "eu-west-1")->endpoint,
            "https://s3.eu-west-1.amazonaws.com");
}

TEST(S3OptionsOfTest, AServerOfOnesOwnIsAskedByPath) {
  const auto options = With("AWS_ENDPOINT_URL", "http://127.0.0.1:9000/");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->endpoint, "http://127.0.0.1:9000");
  EXPECT_TRUE(options->path_style);
}

TEST(S3OptionsOfTest, TheStyleCanBeGiven) {
  EXPECT_TRUE(With("REEL_S3_STYLE", "path")->path_style);
  EXPECT_FALSE(With("REEL_S3_STYLE", "host")->path_style);
  EXPECT_EQ(With("REEL_S3_STYLE", "other").error().code,
            Code::kInvalidArgument);
}

TEST(S3OptionsOfTest, TakesTokenAndCertificates) {
  EXPECT_EQ(With("AWS_SESSION_TOKEN", "t")->scope.credentials.session_token,
            "t");
  EXPECT_EQ(With("AWS_CA_BUNDLE", "/ca.pem")->http.ca_file, "/ca.pem");
}

TEST(S3OptionsOfTest, WithoutKeysItSaysWhatToSet) {
  const auto options = OptionsOf({});
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().code, Code::kInvalidArgument);
  EXPECT_NE(options.error().message.find("AWS_ACCESS_KEY_ID"),
            std::string::npos);
}

TEST(S3OptionsOfTest, RefusesAnEndpointThatIsNone) {
  for (const char* endpoint :
       {"127.0.0.1:9000", "https://", "https://a/b", "https://user@a"})
    EXPECT_EQ(With("AWS_ENDPOINT_URL", endpoint).error().code,
              Code::kInvalidArgument)
        << endpoint;
}

}  // namespace
}  // namespace reel::platform
