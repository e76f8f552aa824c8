// What a client does when a server or the way to it fails: against a server of
// our own that answers as it is told.
#include "platform/s3_client.h"

#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "testing/scripted_server.h"

namespace reel::platform {
namespace {

using base::Code;
using testing::Answer;
using testing::ScriptedServer;

S3Client ClientOf(const ScriptedServer& server) {
  return S3Client({.endpoint = server.endpoint(),
                   .bucket = "bucket",
                   .scope = {.credentials = {.access_key = "key",
                                             .secret_key = "secret",
                                             .session_token = ""}},
                   .retry = {.max_attempts = 3,
                             .first_delay = std::chrono::milliseconds(1)}});
}

base::Result<std::string> GetAll(S3Client& client) {
  std::string text;
  REEL_TRY(client.Get("key", 0, -1, [&](auto bytes) -> base::Status {
    text.append(bytes.begin(), bytes.end());
    return {};
  }));
  return text;
}

TEST(S3ClientTest, TriesAgainWhatMaySucceed) {
  for (const char* status :
       {"503 Slow Down", "500 Oops", "429 Too Many Requests"}) {
    ScriptedServer server({Answer(status, ""), Answer("200 OK", "frames")});
    S3Client client = ClientOf(server);
    EXPECT_EQ(GetAll(client).value(), "frames") << status;
  }
}

TEST(S3ClientTest, SendsABodyAgainFromItsBeginning) {
  ScriptedServer server({Answer("503 Slow Down", ""), Answer("200 OK", "")});
  S3Client client = ClientOf(server);
  const HttpBody body = BodyOf(base::AsBytes("frames"));
  EXPECT_TRUE(client.Put("key", body, std::string(kUnsignedPayload)));
  ASSERT_EQ(server.requests().size(), 2u);
  for (const std::string& request : server.requests())
    EXPECT_TRUE(request.ends_with("\r\n\r\nframes")) << request;
}

TEST(S3ClientTest, GivesUpInTheEnd) {
  ScriptedServer server(std::vector<std::string>(3, Answer("503 No", "")));
  S3Client client = ClientOf(server);
  EXPECT_EQ(GetAll(client).error().code, Code::kUnavailable);
}

TEST(S3ClientTest, DoesNotRepeatWhatCannotSucceed) {
  ScriptedServer server({Answer(
      "403 Forbidden",
      "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")});
  S3Client client = ClientOf(server);
  const auto got = GetAll(client);
  EXPECT_EQ(got.error().code, Code::kInvalidArgument);
  EXPECT_NE(got.error().message.find("AccessDenied"), std::string::npos);
}

// The rest of the object, if it is still the same.
TEST(S3ClientTest, GoesOnWhereAConnectionBroke) {
  ScriptedServer server(
      {"HTTP/1.1 200 OK\r\ncontent-length: 6\r\netag: \"e\"\r\n\r\nfra",
       Answer("206 Partial Content", "mes",
              "content-range: bytes 3-5/6\r\netag: \"e\"\r\n")});
  S3Client client = ClientOf(server);
  EXPECT_EQ(GetAll(client).value(), "frames");
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_NE(server.requests()[1].find("range: bytes=3-"), std::string::npos);
  EXPECT_NE(server.requests()[1].find("if-match: \"e\""), std::string::npos);
}

TEST(S3ClientTest, DoesNotMixTwoVersionsOfAnObject) {
  ScriptedServer server(
      {"HTTP/1.1 200 OK\r\ncontent-length: 6\r\netag: \"e\"\r\n\r\nfra",
       Answer("412 Precondition Failed", "")});
  S3Client client = ClientOf(server);
  EXPECT_EQ(GetAll(client).error().code, Code::kConflict);
}

TEST(S3ClientTest, AServerWithoutRangesIsNotMistaken) {
  ScriptedServer server({"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nfra",
                         Answer("200 OK", "frames")});
  S3Client client = ClientOf(server);
  EXPECT_EQ(GetAll(client).error().code, Code::kUnsupported);
}

// "200 OK" is said before the server knows.
TEST(S3ClientTest, AnErrorMayComeWithStatus200) {
  const std::string error =
      "<Error><Code>InternalError</Code><Message>later</Message></Error>";
  ScriptedServer server({Answer("200 OK", error), Answer("200 OK", error),
                         Answer("404 Not Found", "")});
  S3Client client = ClientOf(server);
  EXPECT_FALSE(client.CopyPart("key", "upload", 1, "from", 0, 5 << 20));
  EXPECT_FALSE(client.CompleteUpload("key", "upload", {}));
}

TEST(S3ClientTest, ACompletionWhoseAnswerWasLostIsOne) {
  ScriptedServer server(
      {"", Answer("404 Not Found", "<Error><Code>NoSuchUpload</Code></Error>"),
       "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n"});
  S3Client client = ClientOf(server);
  EXPECT_TRUE(client.CompleteUpload("key", "upload", {}));
}

TEST(S3ClientTest, FollowsNobodyElsewhere) {
  ScriptedServer server({Answer("307 Temporary Redirect", "",
                                "location: http://127.0.0.1:1/\r\n")});
  S3Client client = ClientOf(server);
  EXPECT_EQ(GetAll(client).error().code, Code::kInvalidArgument);
}

TEST(S3ClientTest, AnErrorOfTheSinkEndsTheRequest) {
  ScriptedServer server({Answer("200 OK", "frames")});
  S3Client client = ClientOf(server);
  const auto got = client.Get("key", 0, -1, [](auto) -> base::Status {
    return base::Fail(Code::kResourceExhausted, "disk full");
  });
  EXPECT_EQ(got.error().message, "disk full");
}

}  // namespace
}  // namespace reel::platform
