// A fleet whole: orchestrators, workers and task processes, which are this
// program again; queue and tables in SQLite, messages within this process.
#include "workflow/fleet/fleet_orchestrator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "platform/directory_store.h"
#include "platform/sql_job_board.h"
#include "platform/sqlite_queue.h"
#include "testing/fake_tasks.h"
#include "testing/memory_bus.h"
#include "testing/temp_dir.h"
#include "workflow/fleet/fleet_worker.h"
#include "workflow/fleet/task_process.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using platform::FleetJob;
using platform::JobState;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

// Far more than anything here takes.
constexpr seconds kWithin{60};

base::Result<std::unique_ptr<platform::ObjectStore>> OpenStore(
    const std::string& store, const std::string& scratch) {
  REEL_ASSIGN(auto objects,
              platform::DirectoryStore::Open(store + "/objects", scratch));
  return std::unique_ptr<platform::ObjectStore>(std::move(objects));
}

// What a job of these tests is: tasks that do not depend on each other, or the
// graph of the engine's tests.
class FakeWork : public Work {
 public:
  explicit FakeWork(std::vector<TaskSpec> specs) : specs_(std::move(specs)) {}
  Graph& graph() override { return flat_; }
  base::Json Summary() override { return {{"published", published_}}; }
  base::Status Publish() override {
    published_ = true;
    return {};
  }

 private:
  class FlatGraph : public Graph {
   public:
    explicit FlatGraph(const std::vector<TaskSpec>& specs) : specs_(specs) {}
    base::Status Expand(Plan& plan) override {
      for (const TaskSpec& spec : specs_) plan.Want(spec);
      return {};
    }

   private:
    const std::vector<TaskSpec>& specs_;
  };
  std::vector<TaskSpec> specs_;
  FlatGraph flat_{specs_};
  bool published_ = false;
};

class TitleLikeWork : public Work {
 public:
  Graph& graph() override { return graph_; }
  base::Json Summary() override {
    return {{"digest", graph_.result() ? graph_.result()->digest : ""}};
  }
  base::Status Publish() override { return {}; }

 private:
  FakeGraph graph_{12};
};

// A worker on a thread of its own.
class RunningWorker {
 public:
  RunningWorker(const std::string& directory, testing::MemoryBusHub& hub,
                FleetWorkerOptions options, TaskRegistry registry = FakeTasks())
      : bus_(hub),
        queue_(platform::OpenSqliteQueue(directory + "/queue.db").value()),
        registry_(std::move(registry)),
        thread_([this, directory, options](const std::stop_token&) {
          FleetWorker worker(
              *queue_, bus_, registry_,
              [&](int slot) {
                return MakeTaskProcess(
                    {.store = directory + "/store",
                     .scratch = fmt::format("{}/{}-{}", directory, options.name,
                                            slot)});
              },
              options);
          EXPECT_TRUE(worker.Run({stop_.get_token(), notice_.get_token()}));
        }) {}
  ~RunningWorker() { Stop(); }
  void Stop() {
    stop_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  void Notice() {
    notice_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  testing::MemoryBus bus_;
  std::unique_ptr<platform::TaskQueue> queue_;
  TaskRegistry registry_;
  std::stop_source stop_, notice_;
  std::jthread thread_;
};

class FleetTest : public ::testing::Test {
 protected:
  std::unique_ptr<FleetOrchestrator> Orchestrate(const std::string& name) {
    FleetOptions options;
    options.name = name;
    options.jobs_url = dir_.path() + "/fleet.db";
    options.planner.lease = seconds(3);
    options.dispatcher.role_lease = seconds(1);
    options.watch.role_lease = seconds(1);
    options.watch.lost_after = seconds(4);
    options.watch.least_straggle = seconds(1);
    auto orchestrator = FleetOrchestrator::Open(
        options,
        {*queue_, bus_,
         OpenStore(dir_.path() + "/store", dir_.path() + "/tmp").value()},
        [this](const FleetJob& job) -> base::Result<std::unique_ptr<Work>> {
          if (job.spec.source == "title")
            return std::make_unique<TitleLikeWork>();
          return std::make_unique<FakeWork>(tasks_.at(job.spec.source));
        });
    EXPECT_TRUE(orchestrator) << orchestrator.error().message;
    return *std::move(orchestrator);
  }
  std::unique_ptr<RunningWorker> StartWorker(
      const std::string& name, int slots = 2,
      TaskRegistry registry = FakeTasks()) {
    FleetWorkerOptions options;
    options.name = name;
    options.host = "host-of-" + name;
    options.version = "1";
    options.services = {"making", "joining"};
    options.slots = slots;
    options.lease = seconds(2);
    options.beat_every = milliseconds(200);
    options.grace = milliseconds(0);
    options.notice_grace = milliseconds(0);
    return std::make_unique<RunningWorker>(dir_.path(), hub_, options,
                                           std::move(registry));
  }
  std::string Submit(const std::string& source) {
    platform::NewJob job;
    job.title = source;
    job.source = source;
    return board_->Submit(job).value().job.id;
  }
  FleetJob Find(const std::string& id) { return *board_->Find(id).value(); }
  // The job, once `is_so` of it.
  template <typename Condition>
  FleetJob Until(const std::string& id, Condition is_so) {
    const auto end = steady_clock::now() + kWithin;
    for (;;) {
      FleetJob job = Find(id);
      if (is_so(job)) return job;
      if (steady_clock::now() > end) {
        ADD_FAILURE() << "job " << id << " is " << Name(job.state) << ": "
                      << (job.error ? job.error->message : "");
        return job;
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
  }
  FleetJob UntilEnded(const std::string& id) {
    return Until(id, [](const FleetJob& job) { return job.ended_ms > 0; });
  }
  FleetJob UntilRunning(const std::string& id, int64_t tasks) {
    return Until(id, [&](const FleetJob& job) {
      return job.tasks.running >= tasks || job.ended_ms > 0;
    });
  }
  // Until the fault of the task of that seed has been used up.
  void UntilStruck(int seed) {
    const auto end = steady_clock::now() + kWithin;
    while (!std::filesystem::exists(Once(seed))) {
      ASSERT_LT(steady_clock::now(), end);
      std::this_thread::sleep_for(milliseconds(10));
    }
  }
  std::string Once(int seed) const {
    return fmt::format("{}/once-{}", dir_.path(), seed);
  }
  TaskSpec Make(int seed, const std::string& fault = "",
                bool only_once = false) {
    TaskSpec spec =
        MakeSpec(kMake, {seed, 1000, fault, only_once ? Once(seed) : ""});
    spec.label = std::to_string(seed);
    return spec;
  }
  std::vector<platform::JobAttempt> AttemptsAt(const TaskSpec& spec) {
    return board_->AttemptsOf(Identity(spec)).value();
  }

  testing::TempDir dir_;
  testing::MemoryBusHub hub_;
  testing::MemoryBus bus_{hub_};
  std::unique_ptr<platform::TaskQueue> queue_ =
      platform::OpenSqliteQueue(dir_.path() + "/queue.db").value();
  std::unique_ptr<platform::JobBoard> board_ =
      platform::OpenJobBoard(dir_.path() + "/fleet.db").value();
  std::map<std::string, std::vector<TaskSpec>> tasks_;  // by source
};

TEST_F(FleetTest, AJobGrowsAndIsDoneByTwoOrchestratorsAndWorkers) {
  const auto one = Orchestrate("one"), two = Orchestrate("two");
  const auto first = StartWorker("w1"), second = StartWorker("w2");
  const FleetJob job = UntilEnded(Submit("title"));
  EXPECT_EQ(job.state, JobState::kDone);
  EXPECT_EQ(job.tasks.done, 12 + 3);
  EXPECT_THAT(job.result, HasSubstr("digest"));
}

TEST_F(FleetTest, AnotherOrchestratorGoesOn) {
  auto one = Orchestrate("one");
  const auto worker = StartWorker("w1", 1);
  std::vector<TaskSpec> many;
  for (int i = 0; i < 40; ++i) many.push_back(Make(i));
  tasks_["many"] = many;
  const std::string id = Submit("many");
  UntilRunning(id, 1);
  const auto two = Orchestrate("two");
  one.reset();
  const FleetJob job = UntilEnded(id);
  EXPECT_EQ(job.state, JobState::kDone);
  EXPECT_EQ(job.tasks.done, 40);
}

TEST_F(FleetTest, WhatIsDoneIsNotDoneAgain) {
  const auto orchestrator = Orchestrate("one");
  const auto worker = StartWorker("w1");
  UntilEnded(Submit("title"));
  const FleetJob again = UntilEnded(Submit("title"));
  EXPECT_EQ(again.state, JobState::kDone);
  EXPECT_THAT(again.result, HasSubstr("\"reused\":17"));
}

TEST_F(FleetTest, ACrashIsTriedAgainAndItsWordsAreKept) {
  const auto orchestrator = Orchestrate("one");
  const auto worker = StartWorker("w1");
  const TaskSpec crash = Make(1, "crash", true);
  tasks_["crash"] = {crash};
  EXPECT_EQ(UntilEnded(Submit("crash")).state, JobState::kDone);
  const auto attempts = AttemptsAt(crash);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].signal, SIGSEGV);
  EXPECT_THAT(attempts[0].last_words, HasSubstr("macroblock 7"));
  EXPECT_EQ(attempts[0].host, "host-of-w1");
  EXPECT_EQ(attempts[1].attempt.outcome, platform::AttemptOutcome::kDone);
}

TEST_F(FleetTest, APoisonTaskStopsAfterItsAttemptsAndOthersFinish) {
  const auto orchestrator = Orchestrate("one");
  const auto worker = StartWorker("w1");
  const TaskSpec poison = Make(1, "crash");
  tasks_["poison"] = {poison, Make(2), Make(3)};
  const FleetJob job = UntilEnded(Submit("poison"));
  EXPECT_EQ(job.state, JobState::kFailed);
  EXPECT_THAT(job.error->message,
              HasSubstr("make (1) failed after 4 attempts"));
  EXPECT_THAT(job.error->message, HasSubstr("macroblock 7"));
  EXPECT_EQ(job.tasks.done, 2);
  EXPECT_EQ(AttemptsAt(poison).size(), 4u);
}

TEST_F(FleetTest, ATaskThatHangsIsEndedAtItsTimeout) {
  const auto orchestrator = Orchestrate("one");
  const auto worker = StartWorker("w1");
  const TaskSpec hang = Make(1, "hang", true);
  tasks_["hang"] = {hang};
  EXPECT_EQ(UntilEnded(Submit("hang")).state, JobState::kDone);
  EXPECT_THAT(AttemptsAt(hang).front().attempt.error, HasSubstr("timed out"));
}

TEST_F(FleetTest, ARetriedJobRunsItsFailedTasksAlone) {
  const auto orchestrator = Orchestrate("one");
  const auto worker = StartWorker("w1");
  const TaskSpec fatal = Make(1, "fatal", true), fine = Make(2);
  tasks_["fatal"] = {fatal, fine};
  const std::string id = Submit("fatal");
  EXPECT_EQ(UntilEnded(id).state, JobState::kFailed);
  ASSERT_TRUE(board_->Retry(id));
  EXPECT_EQ(UntilEnded(id).state, JobState::kDone);
  EXPECT_EQ(AttemptsAt(fatal).size(), 2u);
  EXPECT_EQ(AttemptsAt(fine).size(), 1u);
}

TEST_F(FleetTest, WhatAVanishedWorkerHadRunsElsewhere) {
  const auto orchestrator = Orchestrate("one");
  tasks_["a"] = {Make(1)};
  const std::string id = Submit("a");
  // A worker that begins, beats once and is never seen again.
  const std::string begin =
      base::DumpJson(StartRequest{"ghost", "nowhere", {Identity(Make(1))}});
  const auto end = steady_clock::now() + kWithin;
  StartAnswer answer;
  while (steady_clock::now() < end) {
    const auto text = bus_.Ask(kStartSubject, begin, seconds(1));
    if (text) answer = base::ParseJsonAs<StartAnswer>(*text).value();
    if (text && answer.tasks.at(0).verdict == StartVerdict::kStart) break;
  }
  ASSERT_EQ(answer.tasks.at(0).verdict, StartVerdict::kStart);
  const auto worker = StartWorker("w1");
  EXPECT_EQ(UntilEnded(id).state, JobState::kDone);
  const auto attempts = AttemptsAt(Make(1));
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_THAT(attempts[0].attempt.error, HasSubstr("ghost has vanished"));
}

TEST_F(FleetTest, CancellingStopsWhatRuns) {
  const auto orchestrator = Orchestrate("one");
  const auto worker = StartWorker("w1", 1);
  TaskSpec hang = Make(1, "hang");
  hang.timeout = std::chrono::hours(1);
  tasks_["hang"] = {hang};
  tasks_["next"] = {Make(2)};
  const std::string id = Submit("hang");
  UntilRunning(id, 1);
  ASSERT_TRUE(board_->Cancel(id));
  EXPECT_EQ(UntilEnded(id).state, JobState::kCancelled);
  // The only slot is free again.
  EXPECT_EQ(UntilEnded(Submit("next")).state, JobState::kDone);
}

TEST_F(FleetTest, AStragglerGetsACopyAndTheFirstWins) {
  const auto orchestrator = Orchestrate("one");
  const auto first = StartWorker("w1", 2), second = StartWorker("w2", 2);
  TaskSpec slow = Make(99, "hang", true);
  slow.timeout = std::chrono::hours(1);
  std::vector<TaskSpec> tasks = {slow};
  for (int i = 0; i < 12; ++i) tasks.push_back(Make(i));
  tasks_["slow"] = tasks;
  EXPECT_EQ(UntilEnded(Submit("slow")).state, JobState::kDone);
  const auto attempts = AttemptsAt(slow);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].attempt.outcome, platform::AttemptOutcome::kReleased);
  EXPECT_EQ(attempts[1].attempt.outcome, platform::AttemptOutcome::kDone);
}

TEST_F(FleetTest, ADrainedWorkerHandsBackWhatItCannotFinish) {
  const auto orchestrator = Orchestrate("one");
  auto first = StartWorker("w1", 1);
  TaskSpec slow = Make(1, "hang", true);
  slow.timeout = std::chrono::hours(1);
  tasks_["slow"] = {slow};
  const std::string id = Submit("slow");
  UntilStruck(1);
  first->Stop();
  const auto second = StartWorker("w2", 1);
  EXPECT_EQ(UntilEnded(id).state, JobState::kDone);
  const auto attempts = AttemptsAt(slow);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].attempt.outcome, platform::AttemptOutcome::kReleased);
  EXPECT_EQ(Find(id).tasks.failed, 0);
}

TEST_F(FleetTest, ANoticedWorkerHandsBackToo) {
  const auto orchestrator = Orchestrate("one");
  auto first = StartWorker("w1", 1);
  TaskSpec slow = Make(1, "hang", true);
  slow.timeout = std::chrono::hours(1);
  tasks_["slow"] = {slow};
  const std::string id = Submit("slow");
  UntilStruck(1);
  first->Notice();
  const auto second = StartWorker("w2", 1);
  EXPECT_EQ(UntilEnded(id).state, JobState::kDone);
}

TEST_F(FleetTest, AnOlderWorkerLeavesNewerTasksToOthers) {
  const auto orchestrator = Orchestrate("one");
  // It has "make" in another version.
  TaskKind<MakeParams> older = kMake;
  older.version = 0;
  const auto old = StartWorker("old", 2, TaskRegistry({Erase(older)}));
  tasks_["a"] = {Make(1), Make(2), Make(3)};
  const std::string id = Submit("a");
  Until(id, [&](const FleetJob&) { return queue_->Depth()->held > 0; });
  EXPECT_EQ(Find(id).tasks.running, 0);
  const auto young = StartWorker("young");
  EXPECT_EQ(UntilEnded(id).state, JobState::kDone);
  EXPECT_EQ(AttemptsAt(Make(1)).front().attempt.worker, "young");
}

}  // namespace
}  // namespace reel::workflow::fleet

// A crash is to be one also where a sanitizer would catch it.
extern "C" const char* __asan_default_options() { return "handle_segv=0"; }
extern "C" const char* __tsan_default_options() { return "handle_segv=0"; }

int main(int argc, char** argv) {
  using namespace reel;  // NOLINT(google-build-using-namespace)
  const auto open = [](const std::string& store, const std::string& directory,
                       int64_t) {
    return workflow::fleet::OpenStore(store, directory);
  };
  if (const auto code = workflow::fleet::RunIfTaskProcess(
          argc, argv, workflow::FakeTasks(), open, [](const auto&) {})) {
    return *code;
  }
  ::testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
