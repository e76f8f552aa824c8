// The law of the job store's seam, for every implementation of it.
#include "platform/job_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "platform/sql_job_store.h"
#include "testing/temp_dir.h"
#include "testing/test_postgres.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Error;

// Far more than any transaction of a test takes.
constexpr std::chrono::seconds kTellWithin{60};

struct Kind {
  std::string name;
  std::function<std::unique_ptr<JobStore>(const std::string& directory)> open;
  friend void PrintTo(const Kind& kind, std::ostream* out) {
    *out << kind.name;
  }
};

class JobStoreTest : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (!jobs_) GTEST_SKIP() << testing::kNoPostgres;
  }
  void Want(const std::string& id, const std::string& spec = "{}") {
    TaskRecord task;
    task.id = id;
    task.service = "encode";
    task.kind = "encode_chunk";
    task.spec = spec;
    ASSERT_TRUE(jobs_->Want(std::span(&task, 1)));
  }
  int64_t Start(const std::string& id) {
    return jobs_->Start(id, "worker").value().fence;
  }
  // What is told after that, until it is so many tasks. On PostgreSQL that
  // waits for all who write to the same server, other tests among them.
  JobStore::Changes Follow(int64_t change, size_t tasks) {
    JobStore::Changes all{.tasks = {}, .last = change};
    const auto end = std::chrono::steady_clock::now() + kTellWithin;
    while (all.tasks.size() < tasks && std::chrono::steady_clock::now() < end) {
      const auto some = jobs_->ChangedSince(all.last).value();
      all.tasks.insert(all.tasks.end(), some.tasks.begin(), some.tasks.end());
      EXPECT_GE(some.last, all.last);
      all.last = some.last;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return all;
  }
  TaskRecord Find(const std::string& id) {
    return *jobs_->FindTask(id).value();
  }
  void MakeDone(const std::string& id, const Artifacts& artifacts,
                const std::vector<PartRecord>& parts = {}) {
    Want(id);
    ASSERT_TRUE(jobs_->Complete(id, Start(id), artifacts, parts, {}));
  }

  testing::TempDir dir_;
  std::unique_ptr<JobStore> jobs_ = GetParam().open(dir_.path());
  const Artifacts made_ = {{"a", {"digest-a", 1}}, {"b", {"digest-b", 2}}};
  const Error error_{Code::kIo, "disk"};
};

TEST_P(JobStoreTest, FinishedTaskKeepsItsArtifacts) {
  MakeDone("t", made_);
  const TaskRecord task = Find("t");
  EXPECT_EQ(task.state, TaskState::kDone);
  EXPECT_EQ(task.artifacts.at("b").digest, "digest-b");
  EXPECT_EQ(task.artifacts.at("b").size_bytes, 2);
  EXPECT_FALSE(jobs_->FindTask("other")->has_value());
}

TEST_P(JobStoreTest, WantedAgainAFinishedTaskStaysFinished) {
  MakeDone("t", made_);
  Want("t");
  EXPECT_EQ(Find("t").state, TaskState::kDone);
  EXPECT_EQ(jobs_->Start("t", "w").error().code, Code::kConflict);
}

TEST_P(JobStoreTest, UnwantedTaskDoesNotStart) {
  EXPECT_EQ(jobs_->Start("t", "w").error().code, Code::kConflict);
  Want("t");
  ASSERT_TRUE(jobs_->ReleaseAll());
  EXPECT_EQ(jobs_->Start("t", "w").error().code, Code::kConflict);
}

TEST_P(JobStoreTest, AttemptThoughtDeadCannotOverwrite) {
  Want("t");
  const int64_t dead = Start("t");
  const int64_t alive = Start("t");
  EXPECT_GT(alive, dead);
  EXPECT_EQ(Find("t").failures, 1) << "the dead one counts";
  const Artifacts wrong = {{"a", {"wrong", 1}}};
  EXPECT_EQ(jobs_->Complete("t", dead, wrong, {}, {}).error().code,
            Code::kConflict);
  EXPECT_EQ(jobs_->Progress("t", dead, 0.5).error().code, Code::kConflict);
  EXPECT_EQ(
      jobs_->Fail("t", dead, AfterFailure::kFail, error_, {}).error().code,
      Code::kConflict);
  ASSERT_TRUE(jobs_->Complete("t", alive, made_, {}, {}));
  EXPECT_EQ(Find("t").artifacts.at("a").digest, "digest-a");
}

TEST_P(JobStoreTest, FailedTaskIsQueuedAgainOrFailsOrRests) {
  Want("t");
  ASSERT_TRUE(jobs_->Fail("t", Start("t"), AfterFailure::kRetry, error_, {}));
  EXPECT_EQ(Find("t").state, TaskState::kQueued);
  EXPECT_EQ(Find("t").error->code, Code::kIo);
  ASSERT_TRUE(jobs_->Fail("t", Start("t"), AfterFailure::kRelease, error_, {}));
  EXPECT_EQ(Find("t").state, TaskState::kIdle);
  Want("t");
  EXPECT_EQ(Find("t").failures, 2);
  ASSERT_TRUE(jobs_->Fail("t", Start("t"), AfterFailure::kFail, error_, {}));
  EXPECT_EQ(Find("t").state, TaskState::kFailed);
  Want("t", "new spec");
  EXPECT_EQ(Find("t").state, TaskState::kQueued) << "a later run tries again";
  EXPECT_EQ(Find("t").spec, "new spec");
}

TEST_P(JobStoreTest, PartsAreFinishedWithTheWhole) {
  Want("part b");  // wanted by itself, too
  MakeDone("whole", made_, {{"part a", {"a"}}, {"part b", {"b"}}});
  EXPECT_EQ(Find("part a").state, TaskState::kDone);
  EXPECT_EQ(Find("part a").artifacts.size(), 1u);
  EXPECT_EQ(Find("part b").artifacts.at("b").digest, "digest-b");
}

TEST_P(JobStoreTest, PartWithoutItsOutputLeavesTheWholeUnfinished) {
  Want("whole");
  const int64_t fence = Start("whole");
  const PartRecord part{"part", {"missing"}};
  EXPECT_FALSE(jobs_->Complete("whole", fence, made_, std::span(&part, 1), {}));
  EXPECT_EQ(Find("whole").state, TaskState::kRunning);
  EXPECT_TRUE(Find("whole").artifacts.empty());
}

TEST_P(JobStoreTest, LosingAnObjectUndoesAllThatHaveIt) {
  MakeDone("whole", made_, {{"part a", {"a"}}, {"part b", {"b"}}});
  EXPECT_EQ(jobs_->Forget("digest-a"), 2);
  EXPECT_EQ(Find("whole").state, TaskState::kIdle);
  EXPECT_EQ(Find("part a").state, TaskState::kIdle);
  EXPECT_EQ(Find("part b").state, TaskState::kDone);
  EXPECT_EQ(jobs_->Forget("digest-a"), 0);
}

TEST_P(JobStoreTest, ChangesAreToldInOrderAndOnce) {
  Want("a");
  Want("b");
  const auto wanted = Follow(0, 2);
  ASSERT_EQ(wanted.tasks.size(), 2u);
  EXPECT_EQ(wanted.tasks[0].id, "a");
  EXPECT_EQ(wanted.tasks[1].id, "b");
  EXPECT_GE(jobs_->Now()->change, wanted.last);
  EXPECT_TRUE(jobs_->ChangedSince(wanted.last)->tasks.empty());
  const int64_t fence = Start("b");
  Start("a");
  ASSERT_TRUE(jobs_->Complete("b", fence, made_, {}, {}));
  const auto changes = Follow(wanted.last, 2);
  ASSERT_EQ(changes.tasks.size(), 2u);
  EXPECT_EQ(changes.tasks[0].id, "a");
  EXPECT_EQ(changes.tasks[1].id, "b");
  EXPECT_EQ(changes.tasks[1].artifacts.size(), 2u);
  EXPECT_TRUE(jobs_->ChangedSince(changes.last)->tasks.empty());
}

TEST_P(JobStoreTest, EveryAttemptIsOnRecord) {
  Want("t");
  ASSERT_TRUE(jobs_->Fail("t", Start("t"), AfterFailure::kRetry, error_,
                          {1.5, 2.5, 1000}));
  EXPECT_EQ((*jobs_->RunningOn("worker")).has_value(), false);
  Start("t");
  EXPECT_EQ((*jobs_->RunningOn("worker"))->id, "t");
  ASSERT_TRUE(jobs_->ReleaseAll());
  const auto attempts = jobs_->AttemptsSince(0);
  ASSERT_EQ(attempts->size(), 2u);
  const Attempt& first = attempts->front();
  EXPECT_EQ(first.outcome, AttemptOutcome::kFailed);
  EXPECT_EQ(first.usage.cpu_seconds, 1.5);
  EXPECT_EQ(first.usage.peak_rss_bytes, 1000);
  EXPECT_EQ(first.error, "disk");
  EXPECT_EQ(first.service, "encode");
  EXPECT_EQ(attempts->back().outcome, AttemptOutcome::kReleased);
  EXPECT_EQ(jobs_->AttemptsSince(first.sequence)->size(), 1u);
  EXPECT_EQ(jobs_->Now()->attempt, attempts->back().sequence);
}

TEST_P(JobStoreTest, JobEndsOnceAndCanBeOpenedAgain) {
  EXPECT_FALSE(jobs_->FindJob("j")->has_value());
  ASSERT_TRUE(jobs_->OpenJob("j", "Title"));
  ASSERT_TRUE(jobs_->CloseJob("j", JobEvent::kFail, error_));
  EXPECT_EQ((*jobs_->FindJob("j"))->error->message, "disk");
  EXPECT_EQ(jobs_->CloseJob("j", JobEvent::kFinish, {}).error().code,
            Code::kConflict);
  ASSERT_TRUE(jobs_->OpenJob("j", "Title"));
  EXPECT_EQ((*jobs_->FindJob("j"))->state, JobState::kRunning);
}

TEST_P(JobStoreTest, SecondStoreSeesTheSame) {
  MakeDone("t", made_);
  EXPECT_EQ((*GetParam().open(dir_.path())->FindTask("t"))->state,
            TaskState::kDone);
}

// Workers that were thought dead and are not.
TEST_P(JobStoreTest, OfManyStartsEachIsAnAttempt) {
  constexpr int kThreads = 4, kStarts = 10;
  Want("t");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        const auto jobs = GetParam().open(dir_.path());
        for (int i = 0; i < kStarts; ++i) EXPECT_TRUE(jobs->Start("t", "w"));
      });
    }
  }
  EXPECT_EQ(Find("t").fence, kThreads * kStarts);
  EXPECT_EQ(Find("t").failures, kThreads * kStarts - 1);
  EXPECT_EQ(jobs_->AttemptsSince(0)->size(), size_t{kThreads * kStarts});
}

TEST_P(JobStoreTest, ManyMayWantTheSame) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const auto jobs = GetParam().open(dir_.path());
      for (int i = 0; i < 20; ++i) {
        TaskRecord task;
        task.id = std::to_string(i);
        task.spec = "{}";
        EXPECT_TRUE(jobs->Want(std::span(&task, 1)));
      }
    });
  }
  threads.clear();
  EXPECT_EQ(Follow(0, 20).tasks.size(), 20u);
}

// Whoever follows the changes ends up with what there is, whatever the order in
// which transactions end.
TEST_P(JobStoreTest, NoChangeIsMissed) {
  constexpr int kThreads = 3, kTasks = 30;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const auto jobs = GetParam().open(dir_.path());
      for (int i = 0; i < kTasks; ++i) {
        TaskRecord task;
        task.id = std::to_string(t) + "/" + std::to_string(i);
        task.spec = "{}";
        EXPECT_TRUE(jobs->Want(std::span(&task, 1)));
        const int64_t fence = jobs->Start(task.id, "w")->fence;
        EXPECT_TRUE(jobs->Complete(task.id, fence, made_, {}, {}));
      }
    });
  }
  std::map<std::string, TaskState> seen;
  int64_t last = 0;
  const auto is_done = [](const auto& one) {
    return one.second == TaskState::kDone;
  };
  const auto end = std::chrono::steady_clock::now() + kTellWithin;
  while (std::ranges::count_if(seen, is_done) < kThreads * kTasks &&
         std::chrono::steady_clock::now() < end) {
    const auto changes = jobs_->ChangedSince(last);
    ASSERT_TRUE(changes) << changes.error().message;
    EXPECT_GE(changes->last, last);
    last = changes->last;
    for (const TaskRecord& task : changes->tasks) seen[task.id] = task.state;
  }
  EXPECT_EQ(seen.size(), size_t{kThreads * kTasks});
  for (const auto& [id, state] : seen) EXPECT_EQ(state, TaskState::kDone) << id;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, JobStoreTest,
    ::testing::Values(
        Kind{"Sqlite",
             [](const std::string& directory) {
               return OpenSqliteJobStore(directory + "/state.db").value();
             }},
        Kind{"Postgres",
             [](const std::string& directory) -> std::unique_ptr<JobStore> {
               const auto url = testing::TestDatabase(directory);
               if (!url) return nullptr;
               return OpenPostgresJobStore(*url).value();
             }}),
    [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace reel::platform
