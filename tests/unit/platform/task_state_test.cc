#include "platform/task_state.h"

#include <gtest/gtest.h>

namespace reel::platform {
namespace {

TEST(TaskStateTest, FinishedTaskIsNotStartedAgainUnlessItsArtifactsAreLost) {
  EXPECT_FALSE(Next(TaskState::kDone, TaskEvent::kStart));
  EXPECT_EQ(Next(TaskState::kDone, TaskEvent::kWant), TaskState::kDone);
  EXPECT_EQ(Next(TaskState::kDone, TaskEvent::kForget), TaskState::kIdle);
}

TEST(TaskStateTest, OnlyWantedTasksStart) {
  EXPECT_FALSE(Next(TaskState::kIdle, TaskEvent::kStart));
  EXPECT_FALSE(Next(TaskState::kFailed, TaskEvent::kStart));
  EXPECT_EQ(Next(TaskState::kQueued, TaskEvent::kStart), TaskState::kRunning);
}

TEST(TaskStateTest, AnyTaskCanBeMadeByAnother) {
  for (int state = 0; state <= static_cast<int>(TaskState::kFailed); ++state) {
    EXPECT_EQ(Next(static_cast<TaskState>(state), TaskEvent::kComplete),
              TaskState::kDone);
  }
}

TEST(TaskStateTest, WhatIsNotInTheTableIsAConflict) {
  EXPECT_EQ(Next(TaskState::kQueued, TaskEvent::kRetry).error().code,
            base::Code::kConflict);
}

TEST(JobStateTest, AnEndedJobCanOnlyBeOpenedAgain) {
  EXPECT_EQ(Next(JobState::kFailed, JobEvent::kOpen), JobState::kRunning);
  EXPECT_EQ(Next(JobState::kRunning, JobEvent::kCancel), JobState::kCancelled);
  EXPECT_FALSE(Next(JobState::kCancelled, JobEvent::kFinish));
}

}  // namespace
}  // namespace reel::platform
