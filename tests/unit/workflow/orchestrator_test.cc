// The engine whole: real worker processes, which are this program again.
#include "workflow/orchestrator.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "base/file.h"
#include "base/subprocess.h"
#include "testing/fake_tasks.h"
#include "testing/temp_dir.h"
#include "workflow/worker_process.h"

namespace reel::workflow {
namespace {

using base::Code;
using base::Result;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr int kMakes = 12;

OrchestratorOptions Options(const std::string& directory, int workers = 2) {
  return {.state_directory = directory,
          .workers = workers,
          .worker_command = {"/proc/self/exe"},
          .lease = milliseconds(2000)};
}

std::unique_ptr<Orchestrator> Open(const std::string& directory,
                                   int workers = 2) {
  auto orchestrator = Orchestrator::Open(Options(directory, workers));
  EXPECT_TRUE(orchestrator) << orchestrator.error().message;
  return *std::move(orchestrator);
}

// A graph of tasks that do not depend on each other.
class FlatGraph : public Graph {
 public:
  explicit FlatGraph(std::vector<TaskSpec> specs) : specs_(std::move(specs)) {}
  base::Status Expand(Plan& plan) override {
    for (const TaskSpec& spec : specs_) plan.Want(spec);
    return {};
  }

 private:
  std::vector<TaskSpec> specs_;
};

struct Ran {
  Result<JobOutcome> outcome;
  std::string digest;  // of the result
};

Ran RunFake(Orchestrator& orchestrator) {
  FakeGraph graph(kMakes);
  Observer nobody;
  auto outcome = orchestrator.Run("job", "title", graph, nobody, {});
  return {std::move(outcome), graph.result() ? graph.result()->digest : ""};
}

Result<JobOutcome> RunFlat(Orchestrator& orchestrator,
                           std::vector<TaskSpec> specs) {
  FlatGraph graph(std::move(specs));
  Observer nobody;
  return orchestrator.Run("job", "title", graph, nobody, {});
}

TEST(OrchestratorTest, ResultDoesNotDependOnTheNumberOfWorkers) {
  std::string digests[2];
  for (const int workers : {1, 4}) {
    testing::TempDir dir;
    const Ran ran = RunFake(*Open(dir.path(), workers));
    ASSERT_TRUE(ran.outcome) << ran.outcome.error().message;
    EXPECT_TRUE(ran.outcome->failures.empty());
    EXPECT_EQ(ran.outcome->cost.tasks_run, kMakes + 3);
    EXPECT_EQ(ran.outcome->cost.tasks_reused, 0);
    EXPECT_GT(ran.outcome->cost.peak_rss_bytes, 1 << 20);
    digests[workers / 4] = ran.digest;
  }
  EXPECT_EQ(digests[0], digests[1]);
  EXPECT_FALSE(digests[0].empty());
}

TEST(OrchestratorTest, RerunDoesNothingAgain) {
  testing::TempDir dir;
  const Ran first = RunFake(*Open(dir.path()));
  const Ran second = RunFake(*Open(dir.path()));
  ASSERT_TRUE(second.outcome);
  EXPECT_EQ(second.digest, first.digest);
  EXPECT_EQ(second.outcome->cost.tasks_run, 0);
}

TEST(OrchestratorTest, DirectoryInUseIsAClearError) {
  testing::TempDir dir;
  const auto first = Open(dir.path());
  const auto second = Orchestrator::Open(Options(dir.path()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kConflict);
  EXPECT_THAT(second.error().message, HasSubstr("in use by another"));
}

TEST(OrchestratorTest, DamagedOrMissingArtifactsAreMadeAgain) {
  testing::TempDir dir;
  const std::string want = RunFake(*Open(dir.path())).digest;
  std::mt19937 random(20260721);
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           platform::StatePaths(dir.path()).objects)) {
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  }
  std::ranges::sort(paths);
  for (const std::string& path : paths) {
    if (random() % 2 == 0) {
      std::filesystem::remove(path);
    } else {
      std::filesystem::permissions(path, std::filesystem::perms::owner_all);
      std::filesystem::resize_file(path, 5);
    }
  }
  const auto orchestrator = Open(dir.path());
  // What is finished is taken as finished until somebody needs its bytes.
  ASSERT_TRUE(orchestrator->platform().jobs->Forget(want));
  const Ran again = RunFake(*orchestrator);
  ASSERT_TRUE(again.outcome) << again.outcome.error().message;
  EXPECT_TRUE(again.outcome->failures.empty());
  EXPECT_EQ(again.digest, want);
}

TEST(OrchestratorTest, OneOutputMoreIsMadeAlone) {
  testing::TempDir dir;
  RunFake(*Open(dir.path()));
  // Was made before as a part of a larger task.
  auto outcome = RunFlat(*Open(dir.path()), {MakeSpec(kMakeMany, {{1}}),
                                             MakeSpec(kMakeMany, {{7}})});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->cost.tasks_reused, 1);
  EXPECT_EQ(outcome->cost.tasks_run, 1);
}

TaskSpec Faulty(int seed, const std::string& fault,
                const std::string& once = "") {
  TaskSpec spec = MakeSpec(kMake, {seed, 10, fault, once});
  spec.label = fmt::format("number {}", seed);
  return spec;
}

TEST(OrchestratorTest, OtherTasksFinishWhenOneFails) {
  testing::TempDir dir;
  const auto outcome = RunFlat(
      *Open(dir.path()),
      {Faulty(1, ""), Faulty(2, "fatal"), Faulty(3, ""), Faulty(4, "error")});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->cost.tasks_run, 2);
  ASSERT_EQ(outcome->failures.size(), 2u);
  EXPECT_EQ(outcome->failures[0].label, "number 2");
  EXPECT_EQ(outcome->failures[0].error.code, Code::kUnsupported);
  EXPECT_EQ(outcome->failures[0].attempts, 1) << "another cannot help";
  EXPECT_EQ(outcome->failures[1].error.code, Code::kIo);
  EXPECT_EQ(outcome->failures[1].attempts, kMake.retry.max_attempts);
}

TEST(OrchestratorTest, CrashCostsOneWorkerAndIsRetried) {
  testing::TempDir dir;
  const auto outcome = RunFlat(
      *Open(dir.path()),
      {Faulty(1, "crash", dir.path() + "/once"), Faulty(2, ""), Faulty(3, "")});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_TRUE(outcome->failures.empty());
  EXPECT_EQ(outcome->cost.tasks_run, 3);
}

TEST(OrchestratorTest, FailureOfACrashingTaskHasItsLastWords) {
  testing::TempDir dir;
  const auto outcome = RunFlat(*Open(dir.path()), {Faulty(1, "crash")});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_EQ(outcome->failures.size(), 1u);
  EXPECT_THAT(outcome->failures[0].error.message,
              HasSubstr("killed by signal 11 (Segmentation fault) while at "
                        "make (number 1); last words: codec: cannot allocate "
                        "macroblock 7"));
  EXPECT_EQ(outcome->failures[0].attempts, kMake.retry.max_attempts);
}

// Wants one task, which it can do without, and then another.
class ForgivingGraph : public Graph {
 public:
  explicit ForgivingGraph(TaskSpec optional) : optional_(std::move(optional)) {
    optional_.optional = true;
  }
  base::Status Expand(Plan& plan) override {
    did_without_ = plan.HasFailed(optional_);
    if (!did_without_ && !plan.Want(optional_)) return {};
    plan.Want(Faulty(2, ""));
    return {};
  }
  bool did_without() const { return did_without_; }

 private:
  TaskSpec optional_;
  bool did_without_ = false;
};

TEST(OrchestratorTest, AJobGoesOnWithoutAnOptionalTask) {
  for (const char* fault : {"crash", "fatal"}) {
    testing::TempDir dir;
    ForgivingGraph graph(Faulty(1, fault));
    Observer nobody;
    const auto outcome =
        Open(dir.path())->Run("job", "title", graph, nobody, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->failures.empty());
    EXPECT_EQ(outcome->cost.tasks_run, 1);
    EXPECT_TRUE(graph.did_without());
  }
}

TEST(OrchestratorTest, HangingTaskIsEndedAfterItsTimeout) {
  testing::TempDir dir;
  const auto outcome =
      RunFlat(*Open(dir.path()), {Faulty(1, "hang", dir.path() + "/once")});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_TRUE(outcome->failures.empty());
  EXPECT_EQ(outcome->cost.tasks_run, 1);
}

TEST(OrchestratorTest, WorkerThatStopsBeatingIsReplaced) {
  testing::TempDir dir;
  OrchestratorOptions options = Options(dir.path(), 1);
  options.lease = milliseconds(400);
  const auto outcome = RunFlat(**Orchestrator::Open(options),
                               {Faulty(1, "stop", dir.path() + "/once")});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_TRUE(outcome->failures.empty());
}

TEST(OrchestratorTest, WorkersThatCannotStartEndTheRun) {
  testing::TempDir dir;
  OrchestratorOptions options = Options(dir.path(), 1);
  options.worker_command = {"/bin/false"};
  const auto outcome = RunFlat(**Orchestrator::Open(options), {Faulty(1, "")});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kUnavailable);
}

TEST(OrchestratorTest, StopLeavesAStateThatGoesOn) {
  testing::TempDir dir;
  const auto orchestrator = Open(dir.path());
  std::stop_source stop;
  struct StopAtFirst : Observer {
    std::stop_source* source;
    void Finished(const WantedTask&) override { source->request_stop(); }
  } observer;
  observer.source = &stop;
  FakeGraph graph(kMakes);
  const auto outcome =
      orchestrator->Run("job", "title", graph, observer, stop.get_token());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kCancelled);
  const auto job = orchestrator->platform().jobs->FindJob("job");
  EXPECT_EQ((*job)->state, platform::JobState::kCancelled);
  const Ran resumed = RunFake(*orchestrator);
  ASSERT_TRUE(resumed.outcome);
  EXPECT_GE(resumed.outcome->cost.tasks_reused, 1);
  EXPECT_FALSE(resumed.digest.empty());
}

TEST(OrchestratorTest, ChangedSourceIsAClearError) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/master.mov";
  ASSERT_TRUE(base::WriteFileAtomically(path, base::AsBytes("frames")));
  TaskSpec spec = Faulty(1, "");
  spec.inputs["source"] = Input("digest", *DescribeExternal(path));
  ASSERT_TRUE(base::WriteFileAtomically(path, base::AsBytes("other")));
  const auto outcome = RunFlat(*Open(dir.path() + "/state"), {spec});
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_EQ(outcome->failures.size(), 1u);
  EXPECT_EQ(outcome->failures[0].error.code, Code::kNotFound);
  EXPECT_THAT(outcome->failures[0].error.message,
              HasSubstr("source vanished or changed: " + path));
}

// --- kill -9 -----------------------------------------------------------------

constexpr char kRunFakeJob[] = "run-fake-job";

// What a killed program was in the middle of.
int RunFakeJob(const std::string& directory) {
  const Ran ran = RunFake(*Open(directory));
  return ran.outcome && ran.outcome->failures.empty() ? 0 : 1;
}

base::Subprocess StartFakeJob(const std::string& directory) {
  return base::Subprocess::Start(
             {.arguments = {"/proc/self/exe", kRunFakeJob, directory}})
      .value();
}

std::vector<pid_t> ChildrenOf(pid_t process) {
  std::ifstream list(
      fmt::format("/proc/{}/task/{}/children", process, process));
  return {std::istream_iterator<pid_t>(list), {}};
}

enum class Victim { kWorker, kAll };

// Kills once, after `delay`, unless the job is done by then.
void RunAndKill(const std::string& directory, Victim victim,
                milliseconds delay) {
  base::Subprocess job = StartFakeJob(directory);
  std::this_thread::sleep_for(delay);
  if (victim == Victim::kAll) {
    job.Kill();
    job.Wait();
    return;
  }
  const std::vector<pid_t> workers = ChildrenOf(job.pid());
  if (!workers.empty()) ::kill(workers.front(), SIGKILL);
  EXPECT_EQ(job.Wait().code, 0) << "a job survives its workers";
}

size_t CountFiles(const std::string& directory) {
  const std::filesystem::recursive_directory_iterator files(directory);
  return static_cast<size_t>(std::distance(begin(files), end(files)));
}

void ExpectNothingDoneTwice(platform::JobStore& jobs) {
  std::map<std::string, int> done;
  const auto attempts = jobs.AttemptsSince(0);
  for (const platform::Attempt& attempt : *attempts) {
    if (attempt.outcome == platform::AttemptOutcome::kDone) {
      EXPECT_EQ(++done[attempt.task_id], 1) << attempt.task_id;
    }
  }
}

void ExpectNoDamage(platform::ObjectStore& objects) {
  const auto all = objects.List("", 1000);
  for (const platform::Object& object : *all) {
    EXPECT_TRUE(objects.Fetch(object.digest)) << object.digest;
  }
}

TEST(OrchestratorKillTest, NothingIsLostAtAnyMoment) {
  testing::TempDir undisturbed;
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(StartFakeJob(undisturbed.path()).Wait().code, 0);
  const auto took = std::chrono::duration_cast<milliseconds>(
      std::chrono::steady_clock::now() - begin);
  const std::string want = RunFake(*Open(undisturbed.path())).digest;
  ASSERT_FALSE(want.empty());

  constexpr unsigned kSeed = 20260722;
  std::mt19937 random(kSeed);
  std::uniform_int_distribution<int64_t> moment(0, took.count());
  constexpr int kDirectories = 6, kKills = 5;
  for (int d = 0; d < kDirectories; ++d) {
    testing::TempDir dir;
    for (int k = 0; k < kKills; ++k) {
      const Victim victim = k == kKills - 1 ? Victim::kWorker : Victim::kAll;
      const milliseconds delay(moment(random) / (k + 1));
      SCOPED_TRACE(fmt::format("seed {}, directory {}, kill {} after {} ms",
                               kSeed, d, k, delay.count()));
      RunAndKill(dir.path(), victim, delay);
    }
    const auto orchestrator = Open(dir.path());
    const platform::StatePaths paths(dir.path());
    EXPECT_EQ(CountFiles(paths.temporary), 0u) << "swept at the start";
    const Ran last = RunFake(*orchestrator);
    ASSERT_TRUE(last.outcome) << last.outcome.error().message;
    EXPECT_EQ(last.digest, want);
    ExpectNothingDoneTwice(*orchestrator->platform().jobs);
    ExpectNoDamage(*orchestrator->platform().objects);
  }
}

}  // namespace
}  // namespace reel::workflow

// Under a sanitizer a crashing worker is to die of its signal too, as it
// does in the program that ships.
extern "C" const char* __asan_default_options() { return "handle_segv=0"; }
extern "C" const char* __tsan_default_options() { return "handle_segv=0"; }

int main(int argc, char** argv) {
  if (const auto code = reel::workflow::RunIfWorkerProcess(
          argc, argv, reel::workflow::FakeTasks())) {
    return *code;
  }
  if (argc == 3 && std::string(argv[1]) == reel::workflow::kRunFakeJob) {
    // Not by exit: a check for leaks has a process of its own, which a test
    // that kills all children would kill, too, and wait for ever.
    std::_Exit(reel::workflow::RunFakeJob(argv[2]));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
