#include "cli/submit.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "model/recipe.h"
#include "testing/api_service.h"

namespace reel::cli {
namespace {

using platform::JobEvent;
using platform::Role;

TEST(AbsoluteDeadlineTest, CountsFromNow) {
  const std::chrono::system_clock::time_point now{
      std::chrono::milliseconds(1'709'210'096'250)};
  EXPECT_EQ(AbsoluteDeadline("+90m", now), "2024-02-29T14:04:56.250Z");
  EXPECT_EQ(AbsoluteDeadline("+2h", now), "2024-02-29T14:34:56.250Z");
  EXPECT_EQ(AbsoluteDeadline("+1d", now), "2024-03-01T12:34:56.250Z");
  for (const char* other : {"", "2h", "+2", "+h", "2024-02-29T14:34:56Z"})
    EXPECT_EQ(AbsoluteDeadline(other, now), other);
}

// The commands against a running service.
class ServiceCommandsTest : public testing::ApiService {
 protected:
  ServiceCommandsTest() {
    Start();
    ::setenv("REEL_API_URL", server_->address().c_str(), 1);
    ::setenv("XDG_STATE_HOME", (dir_.path() + "/state").c_str(), 1);
    UseToken(SecretOf(Role::kOperator));
  }
  ~ServiceCommandsTest() override {
    for (const char* name : {"REEL_API_URL", "XDG_STATE_HOME", "REEL_TOKEN"})
      ::unsetenv(name);
  }
  static void UseToken(const std::string& token) {
    ::setenv("REEL_TOKEN", token.c_str(), 1);
  }

  // Of `reel ARGUMENTS…`.
  struct Ended {
    int code = 0;
    std::string out, error;
    base::Json json() const {
      return base::ParseJson(out).value_or(base::Json());
    }
  };
  static Ended Reel(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "reel");
    std::vector<const char*> argv;
    for (const std::string& argument : arguments)
      argv.push_back(argument.c_str());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Ended ended;
    ended.code = RunCommandLine(static_cast<int>(argv.size()), argv.data());
    ended.out = ::testing::internal::GetCapturedStdout();
    ended.error = ::testing::internal::GetCapturedStderr();
    return ended;
  }
  std::string MakeFile(const std::string& name, const std::string& bytes) {
    const std::string path = dir_.path() + "/" + name;
    std::ofstream(path) << bytes;
    return path;
  }
};

TEST_F(ServiceCommandsTest, SubmitPrintsTheJob) {
  const Ended ended =
      Reel({"submit", "s3://masters/film.mov", "--title", "A Film",
            "--priority", "now", "--deadline", "+2h", "--recipe", "fixed"});
  ASSERT_EQ(ended.code, kDone) << ended.error;
  const std::string id = ended.out.substr(0, ended.out.find('\n'));
  const auto job = board_->Find(id).value();
  ASSERT_TRUE(job);
  EXPECT_EQ(job->spec.title, "A Film");
  EXPECT_EQ(job->spec.priority, platform::JobPriority::kNow);
  EXPECT_GT(job->spec.deadline_ms, 0);
  EXPECT_EQ(job->spec.recipe_name, "fixed");
}

TEST_F(ServiceCommandsTest, SubmitSendsARecipeFile) {
  const std::string toml =
      "# mine\n" + std::string(*model::BuiltInRecipeText("fixed"));
  const Ended ended = Reel({"submit", "s3://masters/film.mov", "--json",
                            "--recipe", MakeFile("mine.toml", toml)});
  ASSERT_EQ(ended.code, kDone) << ended.error;
  EXPECT_EQ(board_->Find(ended.json().at("id")).value()->spec.recipe, toml);
}

TEST_F(ServiceCommandsTest, SubmitSendsAFileInParts) {
  const std::string bytes = std::string(1000, 'a') + std::string(500, 'b');
  const Ended ended = Reel({"submit", MakeFile("film.mov", bytes), "--json"});
  ASSERT_EQ(ended.code, kDone) << ended.error;
  EXPECT_EQ(uploads_.BytesOf("u0"), bytes);
  EXPECT_EQ(ended.json().at("source"), "s3://memory/u0/film.mov");
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path() + "/state/reel/uploads"));
}

TEST_F(ServiceCommandsTest, AnInterruptedUploadGoesOn) {
  const std::string path = MakeFile("film.mov", std::string(2500, 'a'));
  uploads_.FailAtPart(2);
  EXPECT_NE(Reel({"submit", path}).code, kDone);
  EXPECT_EQ(uploads_.Find("u0")->parts.size(), 1U);
  uploads_.FailAtPart(0);
  ASSERT_EQ(Reel({"submit", path}).code, kDone);
  EXPECT_EQ(uploads_.puts(), 3);  // that came: none of them twice
  EXPECT_EQ(uploads_.Find("u1").error().code, base::Code::kNotFound);
}

TEST_F(ServiceCommandsTest, SubmitWaitsForTheEnd) {
  std::jthread fleet([&] {
    std::vector<platform::LedJob> led;
    while (led.empty())
      led = board_->Lead("fleet", 1, std::chrono::minutes(1)).value();
    EXPECT_TRUE(board_->End(led[0], JobEvent::kFail,
                            base::Error{base::Code::kRejected, "no video"},
                            ""));
  });
  const Ended ended =
      Reel({"submit", "s3://masters/film.mov", "--wait", "--json"});
  EXPECT_EQ(ended.code, kSourceRejected);
  EXPECT_EQ(ended.json().at("state"), "failed");
  EXPECT_EQ(ended.json().at("error").at("code"), "rejected");
  EXPECT_NE(ended.error.find("no video"), std::string::npos);
}

TEST_F(ServiceCommandsTest, StatusShowsJobs) {
  const std::string id = Submit({{"title", "A Film"}});
  const Ended list = Reel({"status"});
  EXPECT_EQ(list.code, kDone);
  EXPECT_NE(list.out.find(id), std::string::npos);
  EXPECT_NE(list.out.find("A Film"), std::string::npos);
  const Ended one = Reel({"status", id});
  EXPECT_NE(one.out.find("state      queued"), std::string::npos) << one.out;
  EXPECT_EQ(Reel({"status", id, "--json"}).json().at("id"), id);
  EXPECT_EQ(Reel({"status", "j1"}).code, kWrongUsage);
  EXPECT_EQ(Reel({"status", "--state", "odd"}).code, kWrongUsage);
  EXPECT_EQ(Reel({"status", "--watch"}).code, kWrongUsage);
}

TEST_F(ServiceCommandsTest, StatusWatchesToTheEnd) {
  const std::string id = Submit();
  End(id, JobEvent::kFinish);
  const Ended ended = Reel({"status", id, "--watch"});
  EXPECT_EQ(ended.code, kDone) << ended.error;
  EXPECT_NE(ended.out.find("done"), std::string::npos);
}

TEST_F(ServiceCommandsTest, CancelAndRetryChangeAJob) {
  const std::string id = Submit();
  EXPECT_EQ(Reel({"cancel", id}).code, kDone);
  EXPECT_EQ(board_->Find(id).value()->state, platform::JobState::kCancelled);
  EXPECT_EQ(Reel({"cancel", id}).code, kFailed);
  EXPECT_EQ(Reel({"retry", id}).code, kDone);
  EXPECT_EQ(board_->Find(id).value()->state, platform::JobState::kQueued);
}

TEST_F(ServiceCommandsTest, WhoIsNotLetInIsToldSo) {
  UseToken("");
  EXPECT_EQ(Reel({"status"}).code, kWrongUsage);
  UseToken("reel_wrong");
  const Ended unknown = Reel({"status"});
  EXPECT_EQ(unknown.code, kWrongUsage);
  EXPECT_EQ(unknown.error.find("reel_wrong"), std::string::npos);
  UseToken(SecretOf(Role::kViewer));
  EXPECT_EQ(Reel({"status"}).code, kDone);
  const Ended forbidden = Reel({"cancel", "j1"});
  EXPECT_EQ(forbidden.code, kWrongUsage);
  EXPECT_NE(forbidden.error.find("operator"), std::string::npos);
}

TEST_F(ServiceCommandsTest, ATokenMayBeInAFile) {
  UseToken("");
  const std::string file = MakeFile("token", SecretOf(Role::kViewer) + "\n");
  EXPECT_EQ(Reel({"status", "--token-file", file}).code, kDone);
}

TEST_F(ServiceCommandsTest, AServiceThatIsAwayIsUnreachable) {
  EXPECT_EQ(Reel({"status", "--api", "http://127.0.0.1:1"}).code,
            kServiceUnreachable);
  EXPECT_EQ(Reel({"status", "--api", "ftp://127.0.0.1"}).code, kWrongUsage);
  EXPECT_EQ(Reel({"status", "--api", "http://a:b@127.0.0.1"}).code,
            kWrongUsage);
}

TEST_F(ServiceCommandsTest, TokensAreMadeListedAndRevoked) {
  const std::string jobs = Database();
  const Ended added =
      Reel({"token", "add", "ann", "--role", "admin", "--jobs", jobs});
  ASSERT_EQ(added.code, kDone) << added.error;
  UseToken(added.out.substr(0, added.out.size() - 1));
  EXPECT_EQ(Reel({"status"}).code, kDone);
  const Ended list = Reel({"token", "list", "--json", "--jobs", jobs});
  const base::Json tokens = list.json().at("tokens");
  ASSERT_EQ(tokens.size(), 4U);
  EXPECT_EQ(list.out.find(added.out.substr(5, 64)), std::string::npos);
  const std::string id = tokens[3].at("id");
  EXPECT_EQ(Reel({"token", "revoke", id, "--jobs", jobs}).code, kDone);
  EXPECT_EQ(Reel({"token", "revoke", id, "--jobs", jobs}).code, kWrongUsage);
  EXPECT_EQ(Reel({"status"}).code, kWrongUsage);
  EXPECT_EQ(Reel({"token", "list", "--jobs",
                  "postgresql://reel:secret@127.0.0.1/reel"})
                .code,
            kWrongUsage);
}

}  // namespace
}  // namespace reel::cli
