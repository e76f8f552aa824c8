#include "workflow/fleet/reporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/sqlite_queue.h"
#include "testing/memory_bus.h"
#include "testing/noted_seams.h"
#include "testing/temp_dir.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using std::chrono::milliseconds;
using testing::Becomes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReporterTest : public ::testing::Test {
 protected:
  void Put(const std::string& task, std::string last_words = "") {
    AttemptReport report;
    report.task_id = task;
    report.fence = 3;
    report.last_words = std::move(last_words);
    reporter_.Put(report, platform::Lease{.task_id = task});
  }
  void Finish() { reporter_.Finish(std::stop_token()); }
  size_t Stored() {
    return bus_.TakeReports(100, milliseconds(0)).value().size();
  }

  testing::TempDir dir_;
  testing::MemoryBusHub hub_;
  testing::MemoryBus bus_{hub_};
  testing::Notes notes_;
  std::unique_ptr<platform::TaskQueue> queue_ =
      platform::OpenSqliteQueue(dir_.path() + "/queue.db").value();
  testing::NotedQueue noted_queue_{*queue_, notes_};
  testing::NotedBus noted_bus_{bus_, notes_};
  Reporter reporter_{noted_queue_, noted_bus_, [this](const std::string& task) {
                       notes_.Add("done " + task);
                     }};
};

TEST_F(ReporterTest, AcknowledgesWhatIsStoredInOrder) {
  Put("a");
  Put("b");
  ASSERT_TRUE(Becomes([&] { return notes_.Count("done b") > 0; }));
  EXPECT_THAT(notes_.all(), ElementsAre("report a/3", "ack a", "done a",
                                        "report b/3", "ack b", "done b"));
  EXPECT_THAT(reporter_.Pending(), IsEmpty());
}

TEST_F(ReporterTest, GoesOnAfterAnOutage) {
  noted_bus_.refuses = Code::kUnavailable;
  Put("a");
  Put("b");
  ASSERT_TRUE(Becomes([&] { return notes_.Count("refused a/3") >= 2; }));
  const auto pending = reporter_.Pending();
  ASSERT_EQ(pending.size(), 2u);
  EXPECT_EQ(pending[1].task_id, "b");
  EXPECT_EQ(pending[1].fence, 3);
  EXPECT_EQ(pending[1].fraction, 1);
  EXPECT_EQ(notes_.Count("ack a"), 0);
  noted_bus_.refuses = std::nullopt;
  Finish();
  EXPECT_EQ(Stored(), 2u);
}

// No other attempt at handing it in would help: the task must not be
// acknowledged, and what comes after it must not wait.
TEST_F(ReporterTest, WhatIsRefusedForGoodHoldsUpNothing) {
  Put("a", std::string(platform::kMostMessageBytes, 'x'));
  Put("b");
  Finish();
  EXPECT_EQ(notes_.Count("ack a"), 0);
  EXPECT_EQ(notes_.Count("ack b"), 1);
  EXPECT_EQ(Stored(), 1u);
}

TEST_F(ReporterTest, FinishingIsGivenUpWhenToldTo) {
  noted_bus_.refuses = Code::kUnavailable;
  Put("a");
  std::stop_source enough;
  enough.request_stop();
  reporter_.Finish(enough.get_token());
  EXPECT_EQ(reporter_.Pending().size(), 1u);
}

}  // namespace
}  // namespace reel::workflow::fleet
