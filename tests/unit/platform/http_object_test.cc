// Against a server of our own that answers as it is told.
#include "platform/http_object.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/scripted_server.h"

namespace reel::platform {
namespace {

using base::Code;
using testing::Answer;
using testing::ScriptedServer;

const std::string kTag = "etag: \"1\"\r\n";

// Bytes of "0123456789", as a server gives them.
std::string Part(int first, int last, const std::string& headers = kTag) {
  return Answer("206 Partial Content",
                std::string("0123456789")
                    .substr(static_cast<size_t>(first),
                            static_cast<size_t>(last - first + 1)),
                "content-range: bytes " + std::to_string(first) + "-" +
                    std::to_string(last) + "/10\r\n" + headers);
}

std::string Redirection(const std::string& to) {
  return Answer("302 Found", "", "location: " + to + "\r\n");
}

class HttpObjectTest : public ::testing::Test {
 protected:
  base::Result<RemoteFacts> Describe(const ScriptedServer& server) {
    return Object(server)->Describe();
  }
  base::Result<std::string> Fetch(const ScriptedServer& server, int64_t offset,
                                  int64_t size_bytes) {
    std::string text;
    REEL_TRY(Object(server)->Fetch({10, "\"1\""}, offset, size_bytes,
                                   [&](auto bytes) -> base::Status {
                                     text.append(bytes.begin(), bytes.end());
                                     return {};
                                   }));
    return text;
  }

 private:
  std::unique_ptr<HttpObject> Object(const ScriptedServer& server) {
    return HttpObject::Create(
               client_, server.endpoint() + "/film.mov?signature",
               {.max_attempts = 3, .first_delay = std::chrono::milliseconds(1)})
        .value();
  }
  HttpClient client_{HttpOptions{}};
};

TEST_F(HttpObjectTest, SizeAndVersionComeWithTheFirstByte) {
  const ScriptedServer server({Part(0, 0)});
  const auto facts = Describe(server);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->size_bytes, 10);
  EXPECT_EQ(facts->version, "\"1\"");
}

TEST_F(HttpObjectTest, WithoutATagTheTimeOfTheLastChangeIsTheVersion) {
  const ScriptedServer server(
      {Part(0, 0, "last-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n")});
  EXPECT_EQ(Describe(server)->version, "Mon, 01 Jan 2024 00:00:00 GMT");
}

TEST_F(HttpObjectTest, AnEmptyFileHasNoBytes) {
  const ScriptedServer server({Answer("416 Range Not Satisfiable", "",
                                      "content-range: bytes */0\r\n")});
  EXPECT_EQ(Describe(server)->size_bytes, 0);
}

TEST_F(HttpObjectTest, AServerWithoutRangesIsToldWithARemedy) {
  for (const std::string& answer :
       {Answer("200 OK", "0123456789"), Answer("200 OK", "")}) {
    const ScriptedServer server({answer});
    const auto facts = Describe(server);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().code, Code::kUnsupported);
    EXPECT_NE(facts.error().message.find("copy the file"), std::string::npos);
  }
}

TEST_F(HttpObjectTest, WhatIsRefusedIsNotTriedAgain) {
  const std::pair<const char*, Code> cases[] = {
      {"404 Not Found", Code::kNotFound},
      {"403 Forbidden", Code::kInvalidArgument},
      {"401 Unauthorized", Code::kInvalidArgument}};
  for (const auto& [status, code] : cases) {
    const ScriptedServer server({Answer(status, "")});
    const auto facts = Describe(server);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().code, code) << status;
    EXPECT_NE(facts.error().message.find("/film.mov"), std::string::npos);
    EXPECT_EQ(facts.error().message.find("signature"), std::string::npos);
  }
}

TEST_F(HttpObjectTest, GoesOnWhereAConnectionBroke) {
  std::string broken = Part(2, 7);
  broken.resize(broken.size() - 4);
  ScriptedServer server(
      {broken, Answer("503 Service Unavailable", ""), Part(4, 7)});
  const auto text = Fetch(server, 2, 6);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(*text, "234567");
  EXPECT_NE(server.requests()[2].find("bytes=4-7"), std::string::npos);
}

TEST_F(HttpObjectTest, AServerMayGiveLessAtOnce) {
  const ScriptedServer server({Part(2, 3), Part(4, 7)});
  EXPECT_EQ(Fetch(server, 2, 6).value_or(""), "234567");
}

TEST_F(HttpObjectTest, AServerThatStaysAwayIsUnavailable) {
  const ScriptedServer server(
      std::vector<std::string>(3, Answer("503 Service Unavailable", "")));
  EXPECT_EQ(Fetch(server, 2, 6).error().code, Code::kUnavailable);
}

TEST_F(HttpObjectTest, AnotherVersionIsNotTheSource) {
  for (const std::string& answer :
       {Part(2, 7, "etag: \"2\"\r\n"),
        Answer("206 Partial Content", "234567",
               "content-range: bytes 2-7/11\r\n" + kTag),
        Answer("416 Range Not Satisfiable", "",
               "content-range: bytes */1\r\n")}) {
    const ScriptedServer server({answer});
    const auto text = Fetch(server, 2, 6);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, Code::kNotFound) << text.error().message;
  }
}

TEST_F(HttpObjectTest, OtherBytesThanAskedForAreNone) {
  const ScriptedServer server({Part(0, 5)});
  EXPECT_EQ(Fetch(server, 2, 6).error().code, Code::kUnsupported);
}

TEST_F(HttpObjectTest, FollowsAFewRedirections) {
  ScriptedServer server({Redirection("/elsewhere?key"), Part(2, 7)});
  EXPECT_EQ(Fetch(server, 2, 6).value_or(""), "234567");
  EXPECT_TRUE(server.requests()[1].starts_with("GET /elsewhere?key "));
  const ScriptedServer circle(
      std::vector<std::string>(6, Redirection("/film.mov")));
  EXPECT_EQ(Fetch(circle, 2, 6).error().code, Code::kInvalidArgument);
}

TEST_F(HttpObjectTest, ARedirectionToAnotherProtocolIsRefused) {
  const ScriptedServer server({Redirection("file:///etc/passwd")});
  EXPECT_EQ(Fetch(server, 2, 6).error().code, Code::kInvalidArgument);
}

TEST(HttpObjectCreateTest, RefusesAPasswordInTheUrl) {
  HttpClient client{HttpOptions{}};
  const auto object = HttpObject::Create(client, "https://me:secret@host/film");
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().code, Code::kInvalidArgument);
  EXPECT_EQ(object.error().message.find("secret"), std::string::npos);
  EXPECT_EQ(HttpObject::Create(client, "https://").error().code,
            Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::platform
