#include "platform/task_state.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;

constexpr int kTaskEvents = 7;
using T = TaskState;
using TaskChange = std::optional<TaskState>;
constexpr TaskChange kIllegal = std::nullopt;

// clang-format off
constexpr std::array<std::array<TaskChange, kTaskEvents>, 5> kTaskChanges = {{
    //             want        start       complete  retry       fail        release   forget
    /* idle */    {T::kQueued,  kIllegal,    T::kDone, kIllegal,   kIllegal,   kIllegal, kIllegal},
    /* queued */  {T::kQueued,  T::kRunning, T::kDone, kIllegal,   kIllegal,   T::kIdle, kIllegal},
    /* running */ {T::kRunning, T::kRunning, T::kDone, T::kQueued, T::kFailed, T::kIdle, kIllegal},
    /* done */    {T::kDone,    kIllegal,    T::kDone, kIllegal,   kIllegal,   kIllegal, T::kIdle},
    /* failed */  {T::kQueued,  kIllegal,    T::kDone, kIllegal,   kIllegal,   kIllegal, kIllegal},
}};
// clang-format on

}  // namespace

Result<TaskState> Next(TaskState state, TaskEvent event) {
  const TaskChange next = kTaskChanges.at(static_cast<size_t>(state))
                              .at(static_cast<size_t>(event));
  if (next) return *next;
  return Fail(Code::kConflict,
              fmt::format("a task that is {} cannot take event {}", Name(state),
                          static_cast<int>(event)));
}

// A finished job may be opened again: its tasks are found finished.
Result<JobState> Next(JobState state, JobEvent event) {
  if (event == JobEvent::kOpen) return JobState::kRunning;
  const bool is_open =
      state == JobState::kRunning || state == JobState::kQueued;
  if (event == JobEvent::kQueue && !is_open && state != JobState::kDone)
    return JobState::kQueued;
  if (!is_open || event == JobEvent::kQueue) {
    return Fail(Code::kConflict,
                fmt::format("the job is {} already", Name(state)));
  }
  switch (event) {
    case JobEvent::kFinish:
      return JobState::kDone;
    case JobEvent::kFail:
      return JobState::kFailed;
    case JobEvent::kCancel:
      return JobState::kCancelled;
    case JobEvent::kOpen:
    case JobEvent::kQueue:
      break;
  }
  return JobState::kRunning;
}

TaskEvent EventOf(AfterFailure after) {
  switch (after) {
    case AfterFailure::kRetry:
      return TaskEvent::kRetry;
    case AfterFailure::kFail:
      return TaskEvent::kFail;
    case AfterFailure::kRelease:
      return TaskEvent::kRelease;
  }
  return TaskEvent::kFail;
}

const char* Name(TaskState state) {
  switch (state) {
    case TaskState::kIdle:
      return "idle";
    case TaskState::kQueued:
      return "queued";
    case TaskState::kRunning:
      return "running";
    case TaskState::kDone:
      return "done";
    case TaskState::kFailed:
      return "failed";
  }
  return "";
}

const char* Name(JobState state) {
  switch (state) {
    case JobState::kRunning:
      return "running";
    case JobState::kDone:
      return "done";
    case JobState::kFailed:
      return "failed";
    case JobState::kCancelled:
      return "cancelled";
    case JobState::kQueued:
      return "queued";
  }
  return "";
}

}  // namespace reel::platform
