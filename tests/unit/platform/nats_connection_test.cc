#include "platform/nats_connection.h"

#include <gtest/gtest.h>

#include <map>

#include "testing/nats_process.h"
#include "testing/temp_dir.h"
#include "testing/test_nats.h"

namespace reel::platform {
namespace {

using base::Code;

TEST(NatsOptionsTest, AreWhatTheEnvironmentSays) {
  const std::map<std::string, const char*> variables = {
      {"REEL_QUEUE_URL", "tls://host:4222"},
      {"REEL_QUEUE_CREDENTIALS", "a.creds"},
      {"REEL_QUEUE_USER", "worker"},
      {"REEL_QUEUE_PASSWORD", "secret"},
      {"REEL_QUEUE_TOKEN", "token"},
      {"REEL_QUEUE_CA", "ca.pem"}};
  const NatsOptions options = NatsOptionsFromEnvironment([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second;
  });
  EXPECT_EQ(options.url, "tls://host:4222");
  EXPECT_EQ(options.credentials_file, "a.creds");
  EXPECT_EQ(options.user, "worker");
  EXPECT_EQ(options.password, "secret");
  EXPECT_EQ(options.token, "token");
  EXPECT_EQ(options.ca_file, "ca.pem");
}

TEST(NatsOptionsTest, AreEmptyWhereTheEnvironmentSaysNothing) {
  const NatsOptions options =
      NatsOptionsFromEnvironment([](const char*) { return nullptr; });
  EXPECT_EQ(options.url, "");
  EXPECT_EQ(options.name, "reel");
  EXPECT_EQ(options.user, "");
}

TEST(NatsConnectionTest, SaysWhatIsWrong) {
  NatsOptions options;
  options.url = "nats://127.0.0.1:1";
  EXPECT_EQ(NatsConnection::Open(options).error().code, Code::kUnavailable);
  options.name = "a.b";
  EXPECT_EQ(NatsConnection::Open(options).error().code, Code::kInvalidArgument);
  options.name = "a";
  options.ca_file = "/no/such/file";
  EXPECT_EQ(NatsConnection::Open(options).error().code, Code::kInvalidArgument);
}

base::Status OpenSoon(const NatsOptions& options) {
  return NatsConnection::Persist([&]() -> base::Status {
    REEL_TRY(NatsConnection::Open(options));
    return {};
  });
}

TEST(NatsConnectionTest, SaysWhoItIsByUserAndPassword) {
  if (!testing::NatsProcess::Program()) GTEST_SKIP() << testing::kNoNats;
  const testing::TempDir dir;
  testing::NatsProcess server(
      dir.path(), "authorization { user: worker, password: secret }");
  server.Start();
  NatsOptions options = server.options();
  EXPECT_EQ(OpenSoon(options).error().code, Code::kInvalidArgument);
  options.user = "worker";
  options.password = "wrong";
  const auto refused = OpenSoon(options);
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_EQ(refused.error().message.find("wrong"), std::string::npos);
  options.password = "secret";
  EXPECT_TRUE(OpenSoon(options));
}

TEST(NatsConnectionTest, SaysWhoItIsByToken) {
  if (!testing::NatsProcess::Program()) GTEST_SKIP() << testing::kNoNats;
  const testing::TempDir dir;
  testing::NatsProcess server(dir.path(), "authorization { token: secret }");
  server.Start();
  NatsOptions options = server.options();
  EXPECT_EQ(OpenSoon(options).error().code, Code::kInvalidArgument);
  options.token = "secret";
  EXPECT_TRUE(OpenSoon(options));
}

}  // namespace
}  // namespace reel::platform
