#include "workflow/fleet/dispatcher.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/sql_job_board.h"
#include "platform/sqlite_queue.h"
#include "testing/temp_dir.h"

namespace reel::workflow::fleet {
namespace {

using platform::JobPriority;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

constexpr milliseconds kLease = seconds(30);

class DispatcherTest : public ::testing::Test {
 protected:
  platform::LedJob Lead(const std::string& title, JobPriority priority,
                        int64_t deadline_ms = 0) {
    platform::NewJob job;
    job.title = title;
    job.source = title;
    job.priority = priority;
    job.deadline_ms = deadline_ms;
    const std::string id = board_->Submit(job).value().job.id;
    const auto led = board_->Lead("one", 100, std::chrono::hours(1)).value();
    for (const platform::LedJob& candidate : led) {
      if (candidate.job.id == id) return candidate;
    }
    return {};
  }
  void Want(const platform::LedJob& job, const std::string& name, int count) {
    std::vector<platform::LedgerTask> tasks;
    for (int i = 0; i < count; ++i) {
      tasks.push_back({.id = fmt::format("{}-{:06}", name, i),
                       .service = "encode",
                       .kind = "encode_chunk",
                       .label = {},
                       .spec = "{}",
                       .payload = {}});
    }
    ASSERT_TRUE(ledger_->Want(job, tasks));
  }
  Dispatcher Dispatch(const std::string& name = "one") {
    return Dispatcher(
        *ledger_, *queue_, view_, [this] { return now_ms_; }, {.name = name},
        [this](milliseconds waited) { waited_ = waited; });
  }
  // What a worker that takes everything gets next.
  std::string Pull() {
    const std::vector<std::string> services = {"encode"};
    const auto lease = queue_->Pull(services, kLease).value();
    return lease ? lease->task_id : "";
  }
  void SeeWorker(int slots) {
    view_.Note({.worker = "w",
                .host = "h",
                .version = "1",
                .services = {"encode"},
                .slots = slots,
                .tasks = {}});
  }

  testing::TempDir dir_;
  int64_t now_ms_ = 1'000'000;
  platform::ClockMs clock_ = [this] { return now_ms_; };
  std::unique_ptr<platform::TaskQueue> queue_ =
      platform::OpenSqliteQueue(dir_.path() + "/queue.db").value();
  std::unique_ptr<platform::JobBoard> board_ =
      platform::OpenJobBoard(dir_.path() + "/fleet.db", clock_).value();
  std::unique_ptr<platform::TaskLedger> ledger_ =
      platform::OpenTaskLedger(dir_.path() + "/fleet.db", clock_).value();
  FleetView view_{clock_};
  milliseconds waited_{-1};
};

TEST_F(DispatcherTest, PublishesFewAhead) {
  Want(Lead("film", JobPriority::kNormal), "film", 1'000);
  SeeWorker(100);
  Dispatcher dispatcher = Dispatch();
  EXPECT_TRUE(dispatcher.Round().value());
  EXPECT_EQ(queue_->Depth().value().ready, AheadOf(100));
  EXPECT_FALSE(dispatcher.Round().value());
  EXPECT_NE(Pull(), "");
  // The queue is not asked each time.
  EXPECT_FALSE(dispatcher.Round().value());
  now_ms_ += 100;
  EXPECT_TRUE(dispatcher.Round().value());
  EXPECT_EQ(queue_->Depth().value().ready, AheadOf(100));
}

// However long the backlog is, the next task that begins is what is `now`: it
// waits for a running task to end, and for nothing else.
TEST_F(DispatcherTest, ABacklogDelaysWhatIsNowByNoTask) {
  Want(Lead("bulk", JobPriority::kBulk), "bulk", 5'000);
  Dispatcher dispatcher = Dispatch();
  ASSERT_TRUE(dispatcher.Round().value());
  EXPECT_THAT(Pull(), ::testing::StartsWith("bulk"));
  Want(Lead("now", JobPriority::kNow), "now", 1);
  ASSERT_TRUE(dispatcher.Round().value());
  EXPECT_EQ(Pull(), "now-000000");
}

TEST_F(DispatcherTest, AnEarlierDeadlineOvertakesWhatIsNotPublished) {
  Want(Lead("late", JobPriority::kNormal, 9'000'000), "late", 100);
  Dispatcher dispatcher = Dispatch();
  ASSERT_TRUE(dispatcher.Round().value());
  const int64_t ahead = queue_->Depth().value().ready;
  Want(Lead("early", JobPriority::kNormal, 8'000'000), "early", 1);
  for (int64_t i = 0; i < ahead; ++i) {
    EXPECT_THAT(Pull(), ::testing::StartsWith("late"));
  }
  now_ms_ += 100;
  ASSERT_TRUE(dispatcher.Round().value());
  std::vector<std::string> next;
  for (std::string task = Pull(); !task.empty(); task = Pull())
    next.push_back(task);
  EXPECT_THAT(next, ::testing::Contains("early-000000"));
}

TEST_F(DispatcherTest, OneOfTwoPublishes) {
  Want(Lead("film", JobPriority::kNormal), "film", 1);
  Dispatcher first = Dispatch("one"), second = Dispatch("two");
  EXPECT_TRUE(first.Round().value());
  EXPECT_FALSE(second.Round().value());
  // The first is seen no more.
  Want(Lead("other", JobPriority::kNormal), "other", 1);
  now_ms_ += 6'000;
  EXPECT_TRUE(second.Round().value());
  EXPECT_FALSE(first.Round().value());
}

TEST_F(DispatcherTest, WhatTheQueueLostIsPublishedAgain) {
  Want(Lead("film", JobPriority::kNormal), "film", 2);
  Dispatcher dispatcher = Dispatch();
  ASSERT_TRUE(dispatcher.Round().value());
  // Somebody takes a message and neither begins nor hands back.
  const std::vector<std::string> services = {"encode"};
  const auto lease = queue_->Pull(services, kLease).value();
  ASSERT_TRUE(lease && queue_->Ack(*lease));
  now_ms_ += 40'000;
  ASSERT_TRUE(dispatcher.Round());  // finds out
  ASSERT_TRUE(dispatcher.Round());  // publishes
  std::vector<std::string> all;
  for (std::string task = Pull(); !task.empty(); task = Pull())
    all.push_back(task);
  EXPECT_THAT(all,
              ::testing::UnorderedElementsAre("film-000000", "film-000001"));
}

TEST_F(DispatcherTest, TellsHowLongATaskWasReady) {
  Want(Lead("film", JobPriority::kNormal), "film", 1);
  now_ms_ += 123;
  ASSERT_TRUE(Dispatch().Round().value());
  EXPECT_EQ(waited_, milliseconds(123));
}

}  // namespace
}  // namespace reel::workflow::fleet
