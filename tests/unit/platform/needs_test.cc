// The law of what jobs need, in both dialects.
#include "platform/needs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/job_store.h"
#include "platform/sql_job_store.h"
#include "testing/fleet_tables.h"

namespace reel::platform {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class NeedsTest : public ::testing::TestWithParam<testing::TablesKind> {
 protected:
  void SetUp() override {
    if (!tables_.ledger) GTEST_SKIP() << testing::kNoPostgres;
    needs_ = OpenNeeds(*tables_.url).value();
  }
  LedJob Lead(const std::string& title) {
    NewJob job;
    job.title = title;
    job.source = "s3://in/" + title;
    return tables_.Lead(job);
  }
  // The job has wanted and got a task that made that artifact.
  void Make(const LedJob& job, const std::string& id,
            const std::string& digest) {
    LedgerTask task;
    task.id = id;
    task.service = "encode";
    ASSERT_TRUE(tables_.ledger->Want(job, std::span(&task, 1)));
    const StartCall call{id, "worker", "host"};
    const auto started =
        tables_.ledger->Start(std::span(&call, 1)).value().front();
    if (!started) return;  // another job has made it
    EndedAttempt ended;
    ended.task_id = id;
    ended.fence = started->fence;
    ended.end = EndedAttempt::End::kDone;
    ended.artifacts = {{"out", {digest, 3}}};
    ASSERT_TRUE(tables_.ledger->Record(
        std::span(&ended, 1),
        [](const auto&, const auto&, int) { return Judgement(); }));
  }
  void End(const LedJob& job, JobEvent how) {
    ASSERT_TRUE(tables_.board->End(job, how, std::nullopt, ""));
  }
  std::map<std::string, Need> Of(const std::vector<std::string>& digests,
                                 int64_t ended_before_ms) {
    return needs_->OfArtifacts(digests, ended_before_ms).value();
  }

  testing::FleetTables tables_{GetParam()};
  std::unique_ptr<Needs> needs_;
};

TEST_P(NeedsTest, AnArtifactIsNeededWhileAJobIsOpenAndForAWhileAfter) {
  const LedJob job = Lead("film");
  Make(job, "a", "one");
  EXPECT_THAT(
      Of({"one", "none"}, tables_.now_ms + 1),
      UnorderedElementsAre(Pair("none", Need::kNone), Pair("one", Need::kNow)));
  End(job, JobEvent::kFinish);
  EXPECT_EQ(Of({"one"}, tables_.now_ms).at("one"), Need::kNow);
  EXPECT_EQ(Of({"one"}, tables_.now_ms + 1).at("one"), Need::kPast);
}

TEST_P(NeedsTest, OneJobThatNeedsItIsEnough) {
  const LedJob old = Lead("old"), open = Lead("open");
  Make(old, "a", "one");
  Make(old, "b", "two");
  Make(open, "b", "two");
  End(old, JobEvent::kFinish);
  EXPECT_THAT(
      Of({"one", "two"}, tables_.now_ms + 1),
      UnorderedElementsAre(Pair("one", Need::kPast), Pair("two", Need::kNow)));
}

TEST_P(NeedsTest, AJobThatFoundATaskDoneCountsOnIt) {
  const LedJob old = Lead("old"), open = Lead("open");
  Make(old, "a", "one");
  End(old, JobEvent::kFinish);
  const std::string task = "a", digest = "one";
  EXPECT_THAT(tables_.ledger->Use(open, std::span(&task, 1)).value(),
              IsEmpty());
  const int64_t later = tables_.now_ms + 1;
  EXPECT_EQ(Of({"one"}, later).at("one"), Need::kNow);
  EXPECT_THAT(needs_->Forget(std::span(&digest, 1), later).value(),
              ElementsAre("one"));
  End(open, JobEvent::kFinish);
  EXPECT_THAT(needs_->Forget(std::span(&digest, 1), later).value(), IsEmpty());
  const LedJob late = Lead("late");
  EXPECT_THAT(tables_.ledger->Use(late, std::span(&task, 1)).value(),
              ElementsAre("a"))
      << "it is forgotten";
}

TEST_P(NeedsTest, WhatIsForgottenIsMadeAgain) {
  const LedJob job = Lead("film");
  Make(job, "a", "one");
  Make(job, "b", "two");
  const std::string gone = "one";
  const auto forget = [&](int64_t ended_before_ms) {
    return needs_->Forget(std::span(&gone, 1), ended_before_ms).value();
  };
  EXPECT_THAT(forget(0), ElementsAre("one")) << "its job is open";
  End(job, JobEvent::kFinish);
  EXPECT_THAT(forget(tables_.now_ms), ElementsAre("one"))
      << "it has just ended";
  EXPECT_THAT(forget(tables_.now_ms + 1), IsEmpty());
  EXPECT_EQ(Of({"one"}, 0).at("one"), Need::kNone);
  EXPECT_EQ(Of({"two"}, 0).at("two"), Need::kNow);
  const LedJob again = Lead("again");
  const auto store = OpenJobStore(*tables_.url).value();
  EXPECT_EQ(store->FindTask("a").value()->state, TaskState::kIdle);
  LedgerTask task;
  task.id = "a";
  task.service = "encode";
  EXPECT_THAT(tables_.ledger->Want(again, std::span(&task, 1)).value(),
              IsEmpty());
  EXPECT_EQ(store->FindTask("a").value()->state, TaskState::kQueued);
}

TEST_P(NeedsTest, SourcesOfOpenAndFailedJobsAreNeeded) {
  const LedJob done = Lead("done"), failed = Lead("failed"),
               open = Lead("open");
  End(done, JobEvent::kFinish);
  End(failed, JobEvent::kFail);
  const std::vector<std::string> all = {"s3://in/done", "s3://in/failed",
                                        "s3://in/open", "s3://in/other"};
  EXPECT_THAT(needs_->OfSources(all, tables_.now_ms + 1).value(),
              ElementsAre("s3://in/failed", "s3://in/open"));
  EXPECT_THAT(needs_->OfSources(all, tables_.now_ms).value(),
              ElementsAre("s3://in/done", "s3://in/failed", "s3://in/open"));
}

INSTANTIATE_TEST_SUITE_P(Dialects, NeedsTest,
                         ::testing::ValuesIn(testing::AllTablesKinds()),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace reel::platform
