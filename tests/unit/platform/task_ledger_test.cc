// The law of the ledger of tasks, in both dialects.
#include "platform/task_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/sql_job_store.h"
#include "testing/fleet_tables.h"

namespace reel::platform {
namespace {

using base::Code;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using End = EndedAttempt::End;

// Far more than any transaction of a test takes.
constexpr seconds kTellWithin{60};

class TaskLedgerTest : public ::testing::TestWithParam<testing::TablesKind> {
 protected:
  void SetUp() override {
    if (!tables_.ledger) GTEST_SKIP() << testing::kNoPostgres;
    job_ = Lead("first");
  }
  LedJob Lead(const std::string& title,
              JobPriority priority = JobPriority::kNormal,
              int64_t deadline_ms = 0) {
    return tables_.Lead({.title = title,
                         .source = "s3://in/" + title,
                         .recipe = {},
                         .recipe_name = {},
                         .priority = priority,
                         .deadline_ms = deadline_ms,
                         .webhook = {},
                         .submitted_by = {},
                         .trace = {},
                         .idempotency_key = {}});
  }
  static LedgerTask Task(const std::string& id, double cost_seconds = 1) {
    return {.id = id,
            .service = "encode",
            .kind = "encode_chunk",
            .label = "chunk",
            .spec = R"({"spec": "of )" + id + "\"}",
            .payload = "payload of " + id,
            .cost_seconds = cost_seconds};
  }
  std::vector<TaskRecord> Want(const LedJob& job,
                               const std::vector<LedgerTask>& tasks) {
    return ledger().Want(job, tasks).value();
  }
  std::vector<std::string> Ready(const TaskGroup& group, int limit = 100) {
    std::vector<std::string> ids;
    const auto found = ledger().Ready(group, limit).value();
    for (const ReadyTask& task : found) ids.push_back(task.id);
    return ids;
  }
  std::optional<TaskRecord> Start(const std::string& id,
                                  const std::string& worker = "worker") {
    const StartCall call{id, worker, "host"};
    return ledger().Start(std::span(&call, 1)).value().front();
  }
  std::vector<std::string> Record(const EndedAttempt& ended,
                                  Judgement judgement = {}) {
    return ledger()
        .Record(
            std::span(&ended, 1),
            [&](const EndedAttempt&, const std::string& spec, int failures) {
              spec_ = spec;
              failures_ = failures;
              return judgement;
            })
        .value()
        .stop;
  }
  static EndedAttempt Done(const std::string& id, int64_t fence) {
    return {.task_id = id,
            .fence = fence,
            .end = End::kDone,
            .artifacts = {{"out", {"digest-" + id, 3}}}};
  }
  static EndedAttempt Failed(const std::string& id, int64_t fence) {
    return {.task_id = id,
            .fence = fence,
            .end = End::kFailed,
            .error = {Code::kIo, "disk"},
            .crashed = true,
            .signal = 11,
            .last_words = "it hurts"};
  }
  TaskRecord Find(const std::string& id) {
    const auto store = OpenJobStore(*tables_.url).value();
    return *store->FindTask(id).value();
  }
  TaskLedger& ledger() { return *tables_.ledger; }

  testing::FleetTables tables_{GetParam()};
  LedJob job_;
  const TaskGroup group_{"encode", 5};
  std::string spec_;
  int failures_ = 0;
};

TEST_P(TaskLedgerTest, WhatIsWantedIsReadyUntilItIsPublished) {
  EXPECT_THAT(Want(job_, {Task("a"), Task("b")}), IsEmpty());
  EXPECT_THAT(ledger().ReadyGroups().value(), ElementsAre(group_));
  EXPECT_THAT(Ready(group_), ElementsAre("a", "b"));
  EXPECT_EQ(ledger().Ready(group_, 1).value().front().payload, "payload of a");
  const std::string first = "a";
  ASSERT_TRUE(ledger().MarkPublished(std::span(&first, 1)));
  EXPECT_THAT(Ready(group_), ElementsAre("b"));
  EXPECT_EQ(ledger().Published().value().at(group_), 1);
  // Wanted again, as after a crash of whoever published it: once is enough.
  EXPECT_THAT(Want(job_, {Task("a")}), IsEmpty());
  EXPECT_THAT(Ready(group_), ElementsAre("b"));
}

TEST_P(TaskLedgerTest, TheEarliestDueGoFirstThenTheLongest) {
  const LedJob late = Lead("late", JobPriority::kNormal, 9'000'000);
  const LedJob early = Lead("early", JobPriority::kNormal, 8'000'000);
  Want(job_, {Task("whenever", 99)});
  Want(late, {Task("late", 50)});
  Want(early, {Task("short", 1), Task("long", 10)});
  EXPECT_THAT(Ready(group_), ElementsAre("long", "short", "late", "whenever"));
  EXPECT_THAT(Ready(group_, 2), ElementsAre("long", "short"));
}

TEST_P(TaskLedgerTest, AnUrgentJobHastensWhatItShares) {
  Want(job_, {Task("a")});
  const std::string a = "a";
  ASSERT_TRUE(ledger().MarkPublished(std::span(&a, 1)));
  Want(Lead("now", JobPriority::kNow), {Task("a")});
  EXPECT_THAT(Ready(group_), IsEmpty());
  EXPECT_THAT(Ready({"encode", 9}), ElementsAre("a"));
  Want(Lead("bulk", JobPriority::kBulk), {Task("a")});
  EXPECT_THAT(Ready({"encode", 9}), ElementsAre("a"));
}

TEST_P(TaskLedgerTest, OnlyTheLeaderWants) {
  LedJob former = job_;
  --former.fence;
  const std::vector<LedgerTask> tasks = {Task("a")};
  EXPECT_EQ(ledger().Want(former, tasks).error().code, Code::kConflict);
  EXPECT_THAT(Ready(group_), IsEmpty());
  ASSERT_TRUE(tables_.board->Cancel(job_.job.id));
  EXPECT_EQ(ledger().Want(job_, tasks).error().code, Code::kConflict);
}

TEST_P(TaskLedgerTest, ATaskIsBegunOnce) {
  Want(job_, {Task("a")});
  const auto started = Start("a");
  ASSERT_TRUE(started);
  EXPECT_EQ(started->fence, 1);
  EXPECT_EQ(started->spec, R"({"spec": "of a"})");
  EXPECT_THAT(Ready(group_), IsEmpty());
  EXPECT_FALSE(Start("a"));
  EXPECT_FALSE(Start("unknown"));
  ASSERT_EQ(ledger().Running().value().size(), 1u);
  EXPECT_EQ(ledger().Running().value().front().worker, "worker");
}

TEST_P(TaskLedgerTest, OneOfManyWhoAskAtATimeBegins) {
  std::vector<LedgerTask> tasks;
  for (int i = 0; i < 20; ++i) tasks.push_back(Task(std::to_string(i)));
  Want(job_, tasks);
  std::atomic<int> begun = 0;
  {
    std::vector<std::jthread> askers;
    for (int i = 0; i < 4; ++i) {
      askers.emplace_back([&, own = OpenTaskLedger(*tables_.url).value()] {
        std::vector<StartCall> calls;
        for (const LedgerTask& task : tasks)
          calls.push_back({task.id, "w", "h"});
        const auto started = own->Start(calls).value();
        for (const auto& one : started) begun += one.has_value();
      });
    }
  }
  EXPECT_EQ(begun, 20);
}

TEST_P(TaskLedgerTest, DoneIsToldWithItsArtifacts) {
  const int64_t before = ledger().LastChange().value();
  Want(job_, {Task("a")});
  EXPECT_THAT(Record(Done("a", Start("a")->fence)), IsEmpty());
  const auto end = std::chrono::steady_clock::now() + kTellWithin;
  JobStore::Changes changes;
  while (changes.tasks.empty() && std::chrono::steady_clock::now() < end)
    changes = ledger().EndedSince(before).value();
  ASSERT_EQ(changes.tasks.size(), 1u);
  EXPECT_EQ(changes.tasks.front().id, "a");
  EXPECT_EQ(changes.tasks.front().artifacts.at("out").digest, "digest-a");
  EXPECT_THAT(ledger().EndedSince(changes.last).value().tasks, IsEmpty());
  // Another job that wants it is told at once.
  const auto known = Want(Lead("second"), {Task("a"), Task("b")});
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known.front().artifacts.at("out").size_bytes, 3);
  EXPECT_THAT(ledger().Running().value(), IsEmpty());
}

TEST_P(TaskLedgerTest, PartsAreDoneWithTheWhole) {
  Want(job_, {Task("whole")});
  EndedAttempt ended = Done("whole", Start("whole")->fence);
  ended.artifacts = {{"x", {"digest-x", 1}}, {"y", {"digest-y", 2}}};
  ended.parts = {{"part-x", {"x"}}, {"part-y", {"y"}}};
  Record(ended);
  EXPECT_EQ(Find("part-x").state, TaskState::kDone);
  EXPECT_EQ(Find("part-y").artifacts.at("y").digest, "digest-y");
  EXPECT_EQ(Find("whole").artifacts.size(), 2u);
}

TEST_P(TaskLedgerTest, AFailureIsJudgedAndItsWordsAreKept) {
  Want(job_, {Task("a")});
  Record(Failed("a", Start("a")->fence), {AfterFailure::kRetry, seconds(5)});
  EXPECT_EQ(spec_, R"({"spec": "of a"})");
  EXPECT_EQ(failures_, 1);
  EXPECT_THAT(Ready(group_), IsEmpty());  // not yet
  tables_.now_ms += 5'000;
  EXPECT_THAT(Ready(group_), ElementsAre("a"));
  Record(Failed("a", Start("a")->fence), {AfterFailure::kFail});
  EXPECT_EQ(failures_, 2);
  EXPECT_EQ(Find("a").state, TaskState::kFailed);
  EXPECT_EQ(Find("a").error->message, "disk");
  const auto attempts = tables_.board->AttemptsOf("a").value();
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[1].signal, 11);
  EXPECT_EQ(attempts[1].last_words, "it hurts");
  EXPECT_EQ(attempts[1].host, "host");
  EXPECT_EQ(attempts[1].attempt.outcome, AttemptOutcome::kFailed);
  EXPECT_EQ(attempts[1].started_ms, tables_.now_ms);
}

TEST_P(TaskLedgerTest, WordsMayHoldAnyBytes) {
  Want(job_, {Task("a")});
  EndedAttempt ended = Failed("a", Start("a")->fence);
  ended.last_words = std::string("nul \0 and \xff and \"", 17);
  Record(ended);
  EXPECT_THAT(tables_.board->AttemptsOf("a").value().front().last_words,
              ::testing::StartsWith("nul  and "));
}

TEST_P(TaskLedgerTest, AReportThatComesTwiceCountsOnce) {
  Want(job_, {Task("a")});
  const EndedAttempt ended = Failed("a", Start("a")->fence);
  Record(ended, {AfterFailure::kRetry});
  Record(ended, {AfterFailure::kRetry});
  EXPECT_EQ(Find("a").failures, 1);
}

TEST_P(TaskLedgerTest, WhatIsHandedBackIsReadyWithoutBlame) {
  Want(job_, {Task("a")});
  EndedAttempt ended = Failed("a", Start("a")->fence);
  ended.end = End::kReleased;
  Record(ended);
  EXPECT_THAT(Ready(group_), ElementsAre("a"));
  EXPECT_EQ(Find("a").failures, 0);
}

TEST_P(TaskLedgerTest, TheFirstOfTwoCopiesWins) {
  Want(job_, {Task("a")});
  const int64_t first = Start("a", "slow")->fence;
  const std::string a = "a";
  ASSERT_TRUE(ledger().AllowCopy(std::span(&a, 1)));
  const auto second = Start("a", "quick");
  ASSERT_TRUE(second);
  EXPECT_FALSE(Start("a", "third"));
  // Either may win: here the slow one, after all.
  EXPECT_THAT(Record(Done("a", first)), ElementsAre("a"));
  EXPECT_EQ(Find("a").state, TaskState::kDone);
  EXPECT_THAT(ledger().Running().value(), IsEmpty());
  EXPECT_THAT(Record(Done("a", second->fence)), IsEmpty());
  EXPECT_EQ(Find("a").artifacts.size(), 1u);
}

TEST_P(TaskLedgerTest, ACopyThatFailsLeavesTheOtherAlone) {
  Want(job_, {Task("a")});
  const int64_t first = Start("a", "slow")->fence;
  const std::string a = "a";
  ASSERT_TRUE(ledger().AllowCopy(std::span(&a, 1)));
  const int64_t second = Start("a", "broken")->fence;
  Record(Failed("a", second), {AfterFailure::kFail});
  EXPECT_EQ(Find("a").state, TaskState::kRunning);
  Record(Done("a", first));
  EXPECT_EQ(Find("a").state, TaskState::kDone);
}

TEST_P(TaskLedgerTest, AResultCountsWheneverItComes) {
  Want(job_, {Task("a")});
  const int64_t fence = Start("a")->fence;
  ASSERT_TRUE(tables_.board->Cancel(job_.job.id));
  EXPECT_EQ(Find("a").state, TaskState::kIdle);
  Record(Done("a", fence));
  EXPECT_EQ(Find("a").state, TaskState::kDone);
}

TEST_P(TaskLedgerTest, AnEndedJobLeavesNothingReadyThatNobodyElseWants) {
  Want(job_, {Task("own"), Task("shared")});
  Want(Lead("second"), {Task("shared")});
  ASSERT_TRUE(tables_.board->Cancel(job_.job.id));
  EXPECT_THAT(Ready(group_), ElementsAre("shared"));
}

TEST_P(TaskLedgerTest, ARetriedJobTriesItsFailedTasksAgain) {
  Want(job_, {Task("a"), Task("b")});
  Record(Done("b", Start("b")->fence));
  Record(Failed("a", Start("a")->fence), {AfterFailure::kFail});
  ASSERT_TRUE(tables_.board->End(job_, JobEvent::kFail,
                                 base::Error{Code::kIo, "disk"}, ""));
  ASSERT_TRUE(tables_.board->Retry(job_.job.id));
  EXPECT_EQ(Find("a").state, TaskState::kIdle);
  EXPECT_EQ(Find("a").failures, 0);
  EXPECT_EQ(Find("b").state, TaskState::kDone);
  const auto led = tables_.board->Lead("leader", 9, seconds(9)).value();
  EXPECT_EQ(Want(led.front(), {Task("a"), Task("b")}).size(), 1u);
  EXPECT_THAT(Ready(group_), ElementsAre("a"));
}

TEST_P(TaskLedgerTest, WhatTheQueueLostIsPublishedAgain) {
  Want(job_, {Task("a"), Task("b")});
  const std::vector<std::string> both = {"a", "b"};
  ASSERT_TRUE(ledger().MarkPublished(both));
  ASSERT_TRUE(Start("b"));
  EXPECT_EQ(ledger().Republish(group_, tables_.now_ms).value(), 0);
  EXPECT_EQ(ledger().Republish(group_, tables_.now_ms + 1).value(), 1);
  EXPECT_THAT(Ready(group_), ElementsAre("a"));
}

TEST_P(TaskLedgerTest, AJobCostsWhatItsAttemptsTook) {
  Want(job_, {Task("a"), Task("b")});
  EndedAttempt ended = Failed("a", Start("a")->fence);
  ended.usage = {1.5, 2, 70};
  Record(ended, {AfterFailure::kRetry});
  ended = Done("a", Start("a")->fence);
  ended.usage = {0.5, 1, 90};
  Record(ended);
  const auto costs = tables_.board->CostOf(job_.job.id).value();
  ASSERT_EQ(costs.size(), 1u);
  const ServiceCost& cost = costs.at("encode");
  EXPECT_EQ(cost.cpu_seconds, 2);
  EXPECT_EQ(cost.wall_seconds, 3);
  EXPECT_EQ(cost.done, 1);
  EXPECT_EQ(cost.failed, 1);
  EXPECT_EQ(cost.peak_rss_bytes, 90);
}

TEST_P(TaskLedgerTest, TheBoardCountsWhatThereIs) {
  const LedJob late = Lead("late", JobPriority::kNow, tables_.now_ms + 1);
  Want(late, {Task("a"), Task("b")});
  Record(Failed("b", Start("b")->fence), {AfterFailure::kFail});
  tables_.now_ms += 500;
  BoardStats stats = tables_.board->Stats().value();
  EXPECT_EQ(stats.jobs[JobState::kRunning], 2);
  EXPECT_EQ(stats.late_jobs, 1);
  EXPECT_EQ(stats.oldest_open_ms.at(JobPriority::kNow), 500);
  ASSERT_EQ(stats.ready.size(), 1u);
  EXPECT_EQ(stats.ready[0].tasks, 1);
  EXPECT_EQ(stats.ready[0].oldest_ms, 500);
  EXPECT_EQ(stats.dead_tasks, 0);
  ASSERT_TRUE(tables_.board->End(late, JobEvent::kFail,
                                 base::Error{Code::kIo, "disk"}, ""));
  EXPECT_EQ(tables_.board->Stats().value().dead_tasks, 1);
}

TEST_P(TaskLedgerTest, ARoleHasOneHolder) {
  const auto take = [&](const std::string& leader) {
    return ledger().TakeRole("dispatcher", leader, seconds(10)).value();
  };
  EXPECT_TRUE(take("one"));
  EXPECT_FALSE(take("two"));
  tables_.now_ms += 9'000;
  EXPECT_TRUE(take("one"));
  tables_.now_ms += 9'000;
  EXPECT_FALSE(take("two"));
  tables_.now_ms += 1'000;
  EXPECT_TRUE(take("two"));
  EXPECT_FALSE(take("one"));
}

INSTANTIATE_TEST_SUITE_P(Kinds, TaskLedgerTest,
                         ::testing::ValuesIn(testing::AllTablesKinds()),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace reel::platform
