#include "workflow/task_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <semaphore>

#include "platform/directory_store.h"
#include "testing/fake_tasks.h"
#include "testing/temp_dir.h"

namespace reel::workflow {
namespace {

using namespace std::chrono_literals;

using base::Code;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Says half is done, and waits until it is asked to stop.
base::Status RunWaiting(const JoinParams&, const Inputs&, Outputs& outputs,
                        Context& context) {
  REEL_TRY(outputs.PutBytes("half", BytesOf(1, 10)));
  context.Progress(0.5);
  std::binary_semaphore stopped(0);
  const std::stop_callback on_stop(context.stop(), [&] { stopped.release(); });
  stopped.acquire();
  return base::Fail(Code::kCancelled, "stopped");
}

const TaskKind<JoinParams> kWaiting{
    .name = "waiting", .service = "waiting", .run = RunWaiting};

class TaskRunTest : public ::testing::Test {
 protected:
  TaskRunTest() {
    hooks_.beat = [](double) { return true; };
    hooks_.expire = [] { FAIL() << "expired"; };
  }
  TaskEnd Run(const TaskSpec& spec) {
    return RunTask(spec, registry_, *objects_, Scratch(), hooks_);
  }
  std::string Scratch() const { return dir_.path() + "/scratch"; }

  testing::TempDir dir_;
  std::unique_ptr<platform::DirectoryStore> objects_ =
      platform::DirectoryStore::Open(dir_.path() + "/objects",
                                     dir_.path() + "/tmp")
          .value();
  TaskRegistry registry_{{Erase(kMake), Erase(kJoin), Erase(kWaiting)}};
  TaskHooks hooks_;
};

TEST_F(TaskRunTest, OutputsAreInTheStore) {
  const TaskEnd end = Run(MakeSpec(kMake, {1, 1000, "", ""}));
  ASSERT_TRUE(end.artifacts) << end.artifacts.error().message;
  EXPECT_EQ(objects_->Get(end.artifacts->at("made-1").digest, 10'000).value(),
            BytesOf(1, 1000));
  EXPECT_THAT(end.lost, IsEmpty());
  EXPECT_GT(end.usage.wall_seconds, 0);
  EXPECT_FALSE(std::filesystem::exists(Scratch()));
}

TEST_F(TaskRunTest, AnErrorIsTheFunctions) {
  const TaskEnd end = Run(MakeSpec(kMake, {1, 1000, "fatal", ""}));
  EXPECT_EQ(end.artifacts.error().code, Code::kUnsupported);
  EXPECT_EQ(end.artifacts.error().message, "as the test wants");
  EXPECT_FALSE(std::filesystem::exists(Scratch()));
}

TEST_F(TaskRunTest, AnotherVersionIsNotRun) {
  TaskSpec spec = MakeSpec(kMake, {1, 1000, "", ""});
  ++spec.version;
  EXPECT_EQ(Run(spec).artifacts.error().code, Code::kUnsupported);
}

TEST_F(TaskRunTest, TellsOfInputsThatAreGone) {
  const auto object = objects_->PutBytes(BytesOf(1, 10)).value();
  ASSERT_TRUE(objects_->Delete(object.digest));
  const TaskEnd end = Run(MakeSpec(kJoin, {}, {{"part/0", object}}));
  EXPECT_FALSE(end.artifacts);
  EXPECT_THAT(end.lost, ElementsAre(object.digest));
}

// Nothing that was read of such a source counts.
TEST_F(TaskRunTest, ASourceThatHasChangedMeanwhileFailsTheTask) {
  const std::string path = dir_.path() + "/source";
  std::ofstream(path) << "film";
  const auto source = DescribeExternal(path).value();
  std::ofstream(path) << "another film";
  const TaskSpec spec =
      MakeSpec(kMake, {1, 1000, "", ""}, {{"source", Input("digest", source)}});
  EXPECT_EQ(Run(spec).artifacts.error().code, Code::kNotFound);
}

TEST_F(TaskRunTest, AVoidAttemptIsAskedToStop) {
  double told = -1;
  hooks_.interval = 1ms;
  hooks_.beat = [&](double fraction) {
    told = fraction;
    return fraction < 0.5;
  };
  const TaskEnd end = Run(MakeSpec(kWaiting, {}));
  EXPECT_EQ(end.artifacts.error().code, Code::kCancelled);
  EXPECT_EQ(told, 0.5);
  EXPECT_FALSE(std::filesystem::exists(Scratch()));
}

// A function that hangs is left by the end of its process.
TEST_F(TaskRunTest, ExpiresAtTheTimeout) {
  constexpr int kExpired = 7;
  hooks_.expire = [] { std::_Exit(kExpired); };
  TaskSpec spec = MakeSpec(kWaiting, {});
  spec.timeout = 5ms;
  EXPECT_EXIT(Run(spec), ::testing::ExitedWithCode(kExpired), "");
}

}  // namespace
}  // namespace reel::workflow
