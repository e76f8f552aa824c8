#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <functional>
#include <string>
#include <thread>

#include "base/json.h"

namespace reel::base {
namespace {

using ::testing::MatchesRegex;

// What is logged by `log`.
template <typename Log>
std::string LoggedBy(Log log) {
  ::testing::internal::CaptureStderr();
  log();
  return ::testing::internal::GetCapturedStderr();
}

// A test may leave no logger behind that others do not expect.
class LogTest : public ::testing::Test {
 protected:
  ~LogTest() override { StartLogging(LogLevel::kInfo, "test"); }
  Json JsonLoggedBy(const std::function<void()>& log) {
    const std::string line = LoggedBy(log);
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
    return ParseJson(line).value();
  }
};

TEST_F(LogTest, TextIsForPeople) {
  StartLogging(LogLevel::kInfo, "reel");
  EXPECT_EQ(LoggedBy([] {
              const LogScope scope(LogFields{{"task", "a"}});
              spdlog::warn("out of paper");
            }),
            "reel: warning: out of paper\n");
}

TEST_F(LogTest, ALineOfJsonSaysWhenHowBadAndWhat) {
  StartLogging(LogLevel::kInfo, "reel", LogFormat::kJson, {{"host", "h"}});
  const Json json = JsonLoggedBy([] { spdlog::warn("out of paper"); });
  EXPECT_EQ(json.size(), 4u);
  EXPECT_THAT(json.at("time").get<std::string>(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T"
                           "[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z"));
  EXPECT_EQ(json.at("level"), "warning");
  EXPECT_EQ(json.at("message"), "out of paper");
  EXPECT_EQ(json.at("host"), "h");
}

TEST_F(LogTest, WhateverIsSaidStaysOneLineOfJson) {
  StartLogging(LogLevel::kInfo, "reel", LogFormat::kJson);
  const std::string odd = "a \"quote\"\\\n{\"level\":\"info\"}\t\x01 ü";
  EXPECT_EQ(JsonLoggedBy([&] { spdlog::info("{}", odd); }).at("message"), odd);
  // Bytes that are no UTF-8 are replaced.
  EXPECT_EQ(JsonLoggedBy([] { spdlog::info("{}", "\xff!"); }).at("message"),
            "\xef\xbf\xbd!");
}

TEST_F(LogTest, ScopesSayWhatTheirThreadIsAbout) {
  StartLogging(LogLevel::kInfo, "reel", LogFormat::kJson, {{"task", "none"}});
  const LogScope outer(LogFields{{"task", "a"}, {"trace", "t"}});
  {
    const LogScope inner(LogFields{{"task", "b"}});
    const Json json = JsonLoggedBy([] { spdlog::info(""); });
    EXPECT_EQ(json.at("task"), "b");
    EXPECT_EQ(json.at("trace"), "t");
  }
  EXPECT_EQ(JsonLoggedBy([] { spdlog::info(""); }).at("task"), "a");
  EXPECT_EQ(JsonLoggedBy([] {
              std::thread([] { spdlog::info(""); }).join();
            }).at("task"),
            "none");
}

TEST_F(LogTest, LessThanTheLevelIsNotLogged) {
  StartLogging(LogLevel::kQuiet, "reel");
  EXPECT_EQ(LoggedBy([] { spdlog::info("hello"); }), "");
}

}  // namespace
}  // namespace reel::base
