// Real processes, which are this program again (fleet_orchestrator_test.cc).
#include "workflow/fleet/task_process.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "base/file.h"
#include "platform/directory_store.h"
#include "testing/fake_tasks.h"
#include "testing/noted_seams.h"
#include "testing/temp_dir.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

class TaskProcessTest : public ::testing::Test {
 protected:
  StartedTask Make(int seed, const std::string& fault = "") {
    StartedTask task;
    task.task_id = fmt::format("task-{}", seed);
    task.verdict = StartVerdict::kStart;
    task.fence = seed;
    task.spec = MakeSpec(kMake, {seed, 1000, fault, ""});
    return task;
  }
  AttemptReport Run(const StartedTask& task) {
    const base::Status begun = runner_->Begin(task);
    EXPECT_TRUE(begun) << begun.error().message;
    return begun ? UntilEnded() : AttemptReport();
  }
  AttemptReport UntilEnded() {
    std::optional<AttemptReport> report;
    EXPECT_TRUE(testing::Becomes([&] {
      pollfd wait{runner_->descriptor(), POLLIN, 0};
      ::poll(&wait, 1, 1000);
      report = runner_->Poll();
      return report.has_value();
    }));
    return report.value_or(AttemptReport());
  }
  bool HasScratch() const { return std::filesystem::exists(Scratch()); }
  std::string Scratch() const { return dir_.path() + "/slot"; }

  testing::TempDir dir_;
  std::unique_ptr<TaskRunner> runner_ =
      MakeTaskProcess({.store = dir_.path() + "/store", .scratch = Scratch()});
};

TEST_F(TaskProcessTest, LeavesArtifactsInTheStore) {
  const AttemptReport report = Run(Make(1));
  EXPECT_EQ(report.end, AttemptEnd::kDone);
  EXPECT_EQ(report.task_id, "task-1");
  EXPECT_EQ(report.fence, 1);
  EXPECT_GT(report.usage.wall_seconds, 0);
  EXPECT_GT(report.usage.peak_rss_bytes, 0);
  auto objects = platform::DirectoryStore::Open(dir_.path() + "/store/objects",
                                                dir_.path() + "/tmp")
                     .value();
  const auto made =
      objects->Get(report.artifacts.at("made-1").digest, 10'000).value();
  EXPECT_EQ(made, BytesOf(1, 1000));
}

TEST_F(TaskProcessTest, OneProcessRunsOneTaskAfterAnother) {
  EXPECT_EQ(Run(Make(1)).end, AttemptEnd::kDone);
  const int first = runner_->descriptor();
  EXPECT_EQ(Run(Make(2, "error")).error->code, Code::kIo);
  EXPECT_EQ(Run(Make(3)).end, AttemptEnd::kDone);
  EXPECT_EQ(runner_->descriptor(), first);
}

TEST_F(TaskProcessTest, ACrashIsReportedWithItsLastWordsAlone) {
  EXPECT_EQ(Run(Make(1, "error")).end, AttemptEnd::kFailed);
  const AttemptReport report = Run(Make(2, "crash"));
  EXPECT_EQ(report.end, AttemptEnd::kFailed);
  EXPECT_EQ(report.task_id, "task-2");
  EXPECT_EQ(report.fence, 2);
  EXPECT_TRUE(report.crashed);
  EXPECT_EQ(report.signal, SIGSEGV);
  EXPECT_EQ(report.last_words, "codec: cannot allocate macroblock 7");
  EXPECT_EQ(report.error->code, Code::kInternal);
  EXPECT_THAT(report.error->message, HasSubstr("macroblock 7"));
  EXPECT_FALSE(HasScratch());
  EXPECT_EQ(Run(Make(3)).end, AttemptEnd::kDone);
}

TEST_F(TaskProcessTest, WhatHangsIsEndedAtItsTimeout) {
  StartedTask task = Make(1, "hang");
  task.spec->timeout = milliseconds(50);
  const AttemptReport report = Run(task);
  EXPECT_EQ(report.error->code, Code::kTimeout);
  EXPECT_THAT(report.error->message, HasSubstr("timed out after 0.05 s"));
  EXPECT_EQ(Run(Make(2)).end, AttemptEnd::kDone);
}

TEST_F(TaskProcessTest, KilledItSaysNothingAndLeavesNothing) {
  StartedTask task = Make(1, "hang");
  task.spec->timeout = std::chrono::hours(1);
  ASSERT_TRUE(runner_->Begin(task));
  ASSERT_TRUE(testing::Becomes([&] { return HasScratch(); }));
  runner_->Kill();
  EXPECT_EQ(runner_->Poll(), std::nullopt);
  EXPECT_FALSE(HasScratch());
  EXPECT_EQ(Run(Make(2)).end, AttemptEnd::kDone);
}

// The system takes what it needs from whom it likes: that is no task's failure.
TEST_F(TaskProcessTest, AProcessThatDiedIdleIsReplaced) {
  EXPECT_EQ(Run(Make(1)).end, AttemptEnd::kDone);
  int child = 0;
  std::ifstream(fmt::format("/proc/self/task/{}/children", ::gettid())) >>
      child;
  ASSERT_GT(child, 0);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  pollfd wait{runner_->descriptor(), POLLIN, 0};
  ASSERT_EQ(::poll(&wait, 1, 60'000), 1);
  EXPECT_EQ(Run(Make(2)).end, AttemptEnd::kDone);
}

TEST_F(TaskProcessTest, GoneItLeavesNothing) {
  EXPECT_EQ(Run(Make(1)).end, AttemptEnd::kDone);
  EXPECT_TRUE(HasScratch());
  runner_.reset();
  EXPECT_FALSE(HasScratch());
}

TEST_F(TaskProcessTest, WithoutItsStoreAProcessSaysWhy) {
  ASSERT_TRUE(base::File::Create(dir_.path() + "/file"));
  runner_ =
      MakeTaskProcess({.store = dir_.path() + "/file", .scratch = Scratch()});
  const AttemptReport report = Run(Make(1));
  EXPECT_TRUE(report.crashed);
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_THAT(report.last_words, HasSubstr("/file/objects"));
}

TEST_F(TaskProcessTest, WithoutItsProgramNothingBegins) {
  runner_ = MakeTaskProcess({.command = {dir_.path() + "/nothing"},
                             .store = dir_.path() + "/store",
                             .scratch = Scratch()});
  EXPECT_FALSE(runner_->Begin(Make(1)));
}

}  // namespace
}  // namespace reel::workflow::fleet
