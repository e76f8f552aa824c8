// What a client does when a server or the way to it fails: against a server of
// our own that answers as it is told.
#include "platform/s3_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

#include "base/file.h"

namespace reel::platform {
namespace {

using base::Code;

// Answers one request per connection, in order, with the given bytes; then it
// closes the connection.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::string> answers)
      : answers_(std::move(answers)),
        listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, any, &size) != 0)
      ADD_FAILURE() << "no port";
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string endpoint() const {
    return "http://127.0.0.1:" + std::to_string(port_);
  }
  // Head and body of each request; once all answers are given.
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  void Serve() {
    for (const std::string& answer : answers_) {
      const int peer = ::accept(listener_, nullptr, nullptr);
      if (peer < 0) return;
      requests_.push_back(ReadRequest(peer));
      (void)!::write(peer, answer.data(), answer.size());
      ::close(peer);
    }
  }
  static std::string ReadRequest(int peer) {
    std::string text;
    std::array<char, 4096> buffer{};
    size_t wanted = std::string::npos;
    while (text.size() < wanted) {
      const ssize_t got = ::read(peer, buffer.data(), buffer.size());
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<size_t>(got));
      const size_t end = text.find("\r\n\r\n");
      if (end == std::string::npos || wanted != std::string::npos) continue;
      const size_t length = text.find("ontent-Length: ");
      wanted = end + 4;
      if (length < end) wanted += std::stoul(text.substr(length + 15));
    }
    return text;
  }

  std::vector<std::string> answers_;
  std::vector<std::string> requests_;
  int listener_;
  int port_ = 0;
  std::thread thread_;
};

std::string Answer(const std::string& status, const std::string& body,
                   const std::string& headers = "") {
  return "HTTP/1.1 " + status +
         "\r\ncontent-length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

S3Client ClientOf(const ScriptedServer& server) {
  return S3Client({.endpoint = server.endpoint(),
                   .bucket = "bucket",
                   .scope = {.credentials = {.access_key = "key",
                                             .secret_key = "secret",
                                             .session_token = ""}},
                   .max_attempts = 3,
                   .first_delay = std::chrono::milliseconds(1)});
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
