#include "platform/aws_signature.h"

#include <gtest/gtest.h>

namespace reel::platform {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

// The examples of the Amazon S3 API reference, "Authenticating Requests: Using
// the Authorization Header" and "Using Query Parameters".
const AwsScope kScope{
    .credentials = {.access_key = "AKIAIOSFODNN7EXAMPLE",
                    .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                    .session_token = ""},
    .region = "us-east-1"};
const WallTime kNow = sys_days(std::chrono::year(2013) / 5 / 24);
const char kHost[] = "examplebucket.s3.amazonaws.com";

std::string SignatureOf(const AwsRequest& request) {
  const std::string authorization =
      SignHeaders(request, kScope, kNow).at("authorization");
  const std::string name = "Signature=";
  return authorization.substr(authorization.find(name) + name.size());
}

TEST(AwsSignatureTest, GetsARange) {
  EXPECT_EQ(SignatureOf({.method = "GET",
                         .path = "/test.txt",
                         .query = {},
                         .headers = {{"host", kHost}, {"range", "bytes=0-9"}},
                         .payload_digest = std::string(kEmptyPayload)}),
            "f0e8bdb87c964420e857bd35b5d6ed31"
            "0bd44f0170aba48dd91039c6036bdb41");
}

TEST(AwsSignatureTest, PutsAnObject) {
  EXPECT_EQ(
      SignatureOf({.method = "PUT",
                   .path = "/test$file.text",
                   .query = {},
                   .headers = {{"host", kHost},
                               {"date", "Fri, 24 May 2013 00:00:00 GMT"},
                               {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                   .payload_digest = "44ce7dd67c959e0d3524ffac1771dfbb"
                                     "a87d2b6b4b4e99e42034a8b803f8b072"}),
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(AwsSignatureTest, QueriesAreSortedAndValueless) {
  EXPECT_EQ(SignatureOf({.method = "GET",
                         .path = "/",
                         .query = {{"lifecycle", ""}},
                         .headers = {{"host", kHost}},
                         .payload_digest = std::string(kEmptyPayload)}),
            "fea454ca298b7da1c68078a5d1bdbfbb"
            "e0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(SignatureOf({.method = "GET",
                         .path = "/",
                         .query = {{"prefix", "J"}, {"max-keys", "2"}},
                         .headers = {{"host", kHost}},
                         .payload_digest = std::string(kEmptyPayload)}),
            "34b48302e7b5fa45bde8084f4b7868a8"
            "6f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(AwsSignatureTest, PresignsForADay) {
  const HttpFields query = PresignQuery({.method = "GET",
                                         .path = "/test.txt",
                                         .query = {},
                                         .headers = {{"host", kHost}},
                                         .payload_digest = ""},
                                        kScope, kNow, 24h);
  EXPECT_EQ(query.at("X-Amz-Signature"),
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  EXPECT_EQ(query.at("X-Amz-Expires"), "86400");
}

TEST(AwsSignatureTest, TemporaryKeysAreSignedToo) {
  AwsScope scope = kScope;
  scope.credentials.session_token = "token";
  const AwsRequest request{.method = "GET",
                           .path = "/",
                           .query = {},
                           .headers = {{"host", kHost}},
                           .payload_digest = std::string(kEmptyPayload)};
  const HttpFields headers = SignHeaders(request, scope, kNow);
  EXPECT_EQ(headers.at("x-amz-security-token"), "token");
  EXPECT_NE(headers.at("authorization").find("x-amz-security-token"),
            std::string::npos);
}

TEST(EncodeUriTest, LeavesOnlyWhatIsUnreserved) {
  EXPECT_EQ(EncodeUri("a/b c+d%~é", true), "a/b%20c%2Bd%25~%C3%A9");
  EXPECT_EQ(EncodeUri("a/b", false), "a%2Fb");
  EXPECT_EQ(EncodeQuery({{"b", "1 2"}, {"a", ""}}), "a=&b=1%202");
}

}  // namespace
}  // namespace reel::platform
