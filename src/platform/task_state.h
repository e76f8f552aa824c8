// The legal changes of a task's and of a job's state, one table each.
#pragma once

#include "base/result.h"

namespace reel::platform {

enum class TaskState {
  kIdle,     // known, but nobody waits for it
  kQueued,   // wanted: a worker may start it
  kRunning,  // a worker has it
  kDone,     // its artifacts are recorded
  kFailed,   // its attempts are used up
};

enum class TaskEvent {
  kWant,      // a job needs it
  kStart,     // a worker begins an attempt
  kComplete,  // an attempt, or a task it is part of, made its artifacts
  kRetry,     // the attempt failed, another may succeed
  kFail,      // the attempt failed for good
  kRelease,   // the attempt is void, without blame: interrupted
  kForget,    // one of its artifacts is lost
};

// Queued: nobody has begun with it.
enum class JobState { kRunning, kDone, kFailed, kCancelled, kQueued };
enum class JobEvent { kOpen, kFinish, kFail, kCancel, kQueue };

// What becomes of a task whose attempt did not make it.
enum class AfterFailure { kRetry, kFail, kRelease };
TaskEvent EventOf(AfterFailure after);

// Errors: kConflict for a change that is not in the table. Pure.
base::Result<TaskState> Next(TaskState state, TaskEvent event);
base::Result<JobState> Next(JobState state, JobEvent event);

const char* Name(TaskState state);
const char* Name(JobState state);

}  // namespace reel::platform
