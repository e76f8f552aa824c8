#include "cli/command_line.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"

namespace reel::cli {
namespace {

struct Ending {
  int exit_code;
  std::string out;
  std::string err;
};

Ending Reel(std::initializer_list<const char*> arguments) {
  std::vector<const char*> argv = {"reel"};
  argv.insert(argv.end(), arguments);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int exit_code =
      RunCommandLine(static_cast<int>(argv.size()), argv.data());
  return {exit_code, testing::internal::GetCapturedStdout(),
          testing::internal::GetCapturedStderr()};
}

TEST(CommandLineTest, VersionNamesTheLibraries) {
  const Ending run = Reel({"--version"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out.rfind("reel 0.", 0), 0u) << run.out;
  for (const char* library : {"libavcodec ", "libavformat ", "libswscale ",
                              "x264 ", "sqlite 3.", "openssl 3."})
    EXPECT_NE(run.out.find(library), std::string::npos) << library;
}

TEST(CommandLineTest, HelpExplainsACommand) {
  const Ending run = Reel({"help", "encode"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.out.find("--recipe"), std::string::npos);
  EXPECT_NE(run.out.find("Examples:"), std::string::npos);
}

TEST(CommandLineTest, HelpOnAnUnknownCommandIsWrongUsage) {
  const Ending run = Reel({"help", "fly"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err.rfind("reel: help: there is no command 'fly'", 0), 0u);
}

TEST(CommandLineTest, NoCommandShowsTheHelpAndIsWrongUsage) {
  const Ending run = Reel({});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("Exit codes:"), std::string::npos);
}

TEST(CommandLineTest, WrongUsageIsOneLineThatNamesTheOption) {
  const Ending run = Reel({"encode", "film.mp4", "--fast"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("--fast"), std::string::npos);
  EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
}

TEST(CommandLineTest, WithJsonAnErrorIsAnObjectOnStandardOutput) {
  const Ending run = Reel({"encode", "--json"});
  EXPECT_EQ(run.exit_code, 2);
  const auto json = base::ParseJson(run.out);
  ASSERT_TRUE(json.has_value()) << run.out;
  EXPECT_EQ((*json)["error"]["code"], "invalid-argument");
  EXPECT_NE((*json)["error"]["message"].get<std::string>().find("SRC"),
            std::string::npos);
}

// The pages people read name every command and option that there is.
TEST(CommandLineTest, ManualsAreComplete) {
  Invocation invocation;
  const auto app = MakeApp(invocation);
  for (const char* page : {"/docs/reel.1", "/docs/cli.md"}) {
    const auto text = base::ReadTextFile(REEL_PROJECT_DIR + std::string(page));
    ASSERT_TRUE(text.has_value()) << text.error().message;
    for (const CLI::App* command : app->get_subcommands({})) {
      EXPECT_NE(text->find(command->get_name()), std::string::npos)
          << page << " lacks " << command->get_name();
      for (const CLI::Option* option : command->get_options()) {
        for (const std::string& name : option->get_lnames()) {
          if (name == "help" || name == "output") continue;
          EXPECT_NE(text->find("-" + name), std::string::npos)
              << page << " lacks --" << name;
        }
      }
    }
  }
}

}  // namespace
}  // namespace reel::cli
