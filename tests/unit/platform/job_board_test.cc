// The law of the board of jobs, in both dialects.
#include "platform/job_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "testing/fleet_tables.h"

namespace reel::platform {
namespace {

using base::Code;
using std::chrono::seconds;
using ::testing::ElementsAre;

class JobBoardTest : public ::testing::TestWithParam<testing::TablesKind> {
 protected:
  void SetUp() override {
    if (!tables_.board) GTEST_SKIP() << testing::kNoPostgres;
  }
  static NewJob Job(const std::string& title) {
    return {.title = title,
            .source = "s3://in/" + title,
            .recipe = "[video]",
            .recipe_name = "default",
            .webhook = {},
            .submitted_by = "someone",
            .trace = {},
            .idempotency_key = {}};
  }
  std::string Submit(const NewJob& job) {
    return board().Submit(job).value().job.id;
  }
  std::vector<std::string> Titles(const std::vector<FleetJob>& jobs) {
    std::vector<std::string> titles;
    for (const FleetJob& job : jobs) titles.push_back(job.spec.title);
    return titles;
  }
  std::vector<std::string> LedTitles(const std::string& leader, int limit) {
    std::vector<std::string> titles;
    const auto found = board().Lead(leader, limit, seconds(10)).value();
    for (const LedJob& led : found) titles.push_back(led.job.spec.title);
    std::ranges::sort(titles);
    return titles;
  }
  std::vector<std::string> Events(const std::string& job) {
    std::vector<std::string> kinds;
    const auto found = board().EventsAfter(0, job, 100).value();
    for (const auto& event : found) kinds.push_back(event.kind);
    return kinds;
  }
  JobBoard& board() { return *tables_.board; }

  testing::FleetTables tables_{GetParam()};
};

TEST_P(JobBoardTest, WhatIsSubmittedIsFound) {
  NewJob job = Job("film");
  job.priority = JobPriority::kNow;
  job.deadline_ms = 77;
  job.webhook = "https://example.org/hook";
  const std::string id = Submit(job);
  const auto found = board().Find(id).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, JobState::kQueued);
  EXPECT_EQ(found->spec.title, "film");
  EXPECT_EQ(found->spec.source, "s3://in/film");
  EXPECT_EQ(found->spec.recipe, "[video]");
  EXPECT_EQ(found->spec.priority, JobPriority::kNow);
  EXPECT_EQ(found->spec.deadline_ms, 77);
  EXPECT_EQ(found->spec.webhook, "https://example.org/hook");
  EXPECT_EQ(found->spec.submitted_by, "someone");
  EXPECT_EQ(found->created_ms, tables_.now_ms);
  EXPECT_FALSE(board().Find("nothing").value());
}

TEST_P(JobBoardTest, OneKeyIsOneJob) {
  NewJob job = Job("film");
  job.idempotency_key = "once";
  const auto first = board().Submit(job).value();
  const auto second = board().Submit(job).value();
  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(second.job.id, first.job.id);
  job.title = "another";
  EXPECT_EQ(board().Submit(job).error().code, Code::kConflict);
  EXPECT_EQ(board().List({}).value().size(), 1u);
}

TEST_P(JobBoardTest, ListsTheNewestFirstInPages) {
  for (const char* title : {"a", "b", "c"}) {
    Submit(Job(title));
    ++tables_.now_ms;
  }
  JobFilter filter;
  filter.limit = 2;
  const auto first = board().List(filter).value();
  EXPECT_THAT(Titles(first), ElementsAre("c", "b"));
  filter.before = first.back().id;
  EXPECT_THAT(Titles(board().List(filter).value()), ElementsAre("a"));
}

TEST_P(JobBoardTest, FiltersByStatePriorityAndTitle) {
  NewJob now = Job("Summer 100%");
  now.priority = JobPriority::kNow;
  Submit(now);
  const std::string other = Submit(Job("winter 1000"));
  ASSERT_TRUE(board().Cancel(other));
  JobFilter filter;
  filter.state = JobState::kCancelled;
  EXPECT_THAT(Titles(board().List(filter).value()), ElementsAre("winter 1000"));
  filter = {};
  filter.priority = JobPriority::kNow;
  EXPECT_THAT(Titles(board().List(filter).value()), ElementsAre("Summer 100%"));
  filter = {};
  filter.title_contains = "SUMMER";
  EXPECT_THAT(Titles(board().List(filter).value()), ElementsAre("Summer 100%"));
  filter.title_contains = "100%";
  EXPECT_THAT(Titles(board().List(filter).value()), ElementsAre("Summer 100%"));
}

TEST_P(JobBoardTest, FindsTheJobOfAKey) {
  NewJob keyed = Job("a");
  keyed.idempotency_key = "k1";
  Submit(keyed);
  Submit(Job("b"));
  JobFilter filter;
  filter.idempotency_key = "k1";
  EXPECT_THAT(Titles(board().List(filter).value()), ElementsAre("a"));
  filter.idempotency_key = "k2";
  EXPECT_TRUE(board().List(filter).value().empty());
}

TEST_P(JobBoardTest, AJobIsLedByOneAtATime) {
  Submit(Job("a"));
  Submit(Job("b"));
  EXPECT_THAT(LedTitles("one", 1).size(), 1u);
  EXPECT_THAT(LedTitles("two", 10).size(), 1u);
  EXPECT_THAT(LedTitles("three", 10).size(), 0u);
  tables_.now_ms += 9'000;
  EXPECT_THAT(LedTitles("one", 1).size(), 1u);  // renewed
  tables_.now_ms += 2'000;
  // The other one's lease is over.
  EXPECT_THAT(LedTitles("three", 10).size(), 1u);
}

TEST_P(JobBoardTest, TheMostUrgentAreLedFirst) {
  NewJob late = Job("late"), early = Job("early"), some = Job("some day");
  late.deadline_ms = 3'000'000;
  early.deadline_ms = 2'000'000;
  for (const NewJob& job : {some, late, early}) Submit(job);
  EXPECT_THAT(LedTitles("one", 1), ElementsAre("early"));
  EXPECT_THAT(LedTitles("two", 1), ElementsAre("late"));
}

TEST_P(JobBoardTest, BulkKeepsNoPlaceFromWhatIsNow) {
  NewJob bulk = Job("bulk"), now = Job("now");
  bulk.priority = JobPriority::kBulk;
  now.priority = JobPriority::kNow;
  Submit(bulk);
  EXPECT_THAT(LedTitles("one", 1), ElementsAre("bulk"));
  Submit(now);
  EXPECT_THAT(LedTitles("one", 1), ElementsAre("bulk", "now"));
}

TEST_P(JobBoardTest, AFormerLeaderChangesNothing) {
  const LedJob led = tables_.Lead(Job("a"), "one");
  tables_.now_ms += 10'000'000;
  ASSERT_EQ(LedTitles("two", 1), std::vector<std::string>{"a"});
  EXPECT_EQ(board().SetResult(led, "{}").error().code, Code::kConflict);
  EXPECT_EQ(board().AddEvent(led, "stage", "{}").error().code, Code::kConflict);
  EXPECT_EQ(board().End(led, JobEvent::kFinish, {}, "{}").error().code,
            Code::kConflict);
  EXPECT_EQ(board().Find(led.job.id).value()->state, JobState::kRunning);
}

TEST_P(JobBoardTest, AnEndedJobKeepsItsResult) {
  const LedJob led = tables_.Lead(Job("a"));
  ASSERT_TRUE(board().SetResult(led, R"({"half": 1})"));
  tables_.now_ms += 500;
  ASSERT_TRUE(board().End(led, JobEvent::kFail,
                          base::Error{Code::kRejected, "no sound"},
                          R"({"whole": 1})"));
  const auto job = board().Find(led.job.id).value();
  EXPECT_EQ(job->state, JobState::kFailed);
  EXPECT_EQ(job->error->code, Code::kRejected);
  EXPECT_EQ(job->result, R"({"whole": 1})");
  EXPECT_EQ(job->ended_ms, tables_.now_ms);
  EXPECT_THAT(Events(led.job.id),
              ElementsAre("submitted", "started", "failed"));
  EXPECT_TRUE(LedTitles("another", 9).empty());
}

TEST_P(JobBoardTest, CancelsAndRetries) {
  const LedJob led = tables_.Lead(Job("a"), "one");
  ASSERT_TRUE(board().Cancel(led.job.id));
  EXPECT_EQ(board().Cancel(led.job.id).error().code, Code::kConflict);
  EXPECT_EQ(board().SetResult(led, "{}").error().code, Code::kConflict);
  ASSERT_TRUE(board().Retry(led.job.id));
  EXPECT_EQ(board().Retry(led.job.id).error().code, Code::kConflict);
  EXPECT_THAT(LedTitles("two", 1), ElementsAre("a"));
  EXPECT_EQ(board().Cancel("nothing").error().code, Code::kNotFound);
  EXPECT_EQ(board().Retry("nothing").error().code, Code::kNotFound);
  EXPECT_THAT(
      Events(led.job.id),
      ElementsAre("submitted", "started", "cancelled", "retried", "started"));
}

TEST_P(JobBoardTest, WhoResignsLeavesTheJobsToOthers) {
  Submit(Job("a"));
  EXPECT_THAT(LedTitles("one", 1), ElementsAre("a"));
  ASSERT_TRUE(board().Resign("one"));
  EXPECT_THAT(LedTitles("two", 1), ElementsAre("a"));
}

TEST_P(JobBoardTest, EventsComeInTheirOrderWhoeverWritesThem) {
  std::vector<LedJob> led;
  for (int i = 0; i < 4; ++i)
    led.push_back(tables_.Lead(Job(std::to_string(i))));
  std::vector<std::jthread> writers;
  for (const LedJob& job : led) {
    writers.emplace_back([&, own = OpenJobBoard(*tables_.url).value()] {
      for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(own->AddEvent(job, "stage", std::to_string(i)));
    });
  }
  int64_t last = 0;
  size_t seen = 0;
  while (seen < 4 * (20 + 2)) {
    const auto found = board().EventsAfter(last, "", 1000).value();
    for (const auto& event : found) {
      EXPECT_GT(event.sequence, last);
      last = event.sequence;
      ++seen;
    }
  }
  EXPECT_EQ(seen, 4u * (20 + 2));
}

INSTANTIATE_TEST_SUITE_P(Kinds, JobBoardTest,
                         ::testing::ValuesIn(testing::AllTablesKinds()),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace reel::platform
