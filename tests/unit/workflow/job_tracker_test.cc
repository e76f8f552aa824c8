#include "workflow/job_tracker.h"

#include <gtest/gtest.h>

#include <optional>

#include "platform/directory_store.h"
#include "platform/sql_job_store.h"
#include "testing/fake_tasks.h"
#include "testing/temp_dir.h"

namespace reel::workflow {
namespace {

using platform::TaskState;

// Wants one task, and then nothing more.
class OneTask : public Graph {
 public:
  base::Status Expand(Plan& plan) override {
    plan.Want(MakeSpec(kMake, {1, 10, "", ""}));
    return {};
  }
};

class JobTrackerTest : public ::testing::Test {
 protected:
  JobTrackerTest() {
    platform_.jobs =
        platform::OpenSqliteJobStore(dir_.path() + "/state.db").value();
    platform_.objects = platform::DirectoryStore::Open(dir_.path() + "/objects",
                                                       dir_.path() + "/tmp")
                            .value();
    tracker_.emplace(graph_, platform_, observer_,
                     JobTracker::LookForInputs::kNo);
  }
  testing::TempDir dir_;
  platform::Platform platform_;
  OneTask graph_;
  Observer observer_;
  std::optional<JobTracker> tracker_;
};

TEST_F(JobTrackerTest, IsFinishedOnceAllThatIsWantedIsDone) {
  const auto fresh = tracker_->Evaluate().value();
  ASSERT_EQ(fresh.size(), 1u);
  tracker_->Queued(fresh);
  EXPECT_FALSE(tracker_->IsFinished());
  platform::TaskRecord record;
  record.id = fresh[0].id;
  record.state = TaskState::kDone;
  tracker_->Follow(record);
  EXPECT_TRUE(tracker_->Evaluate().value().empty());
  EXPECT_TRUE(tracker_->IsFinished());
}

// The database was away when they should have been queued.
TEST_F(JobTrackerTest, WhatWasNotQueuedIsWantedAgain) {
  const auto fresh = tracker_->Evaluate().value();
  tracker_->EvaluateAgain();
  EXPECT_FALSE(tracker_->IsFinished());
  EXPECT_TRUE(tracker_->is_due());
  const auto again = tracker_->Evaluate().value();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].id, fresh[0].id);
}

}  // namespace
}  // namespace reel::workflow
