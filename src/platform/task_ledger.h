// Tasks of a fleet, many at a time: what is wanted, ready, begun and done, and
// what is to be told to the queue. Between orchestrators the rows decide.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/job_board.h"
#include "platform/job_store.h"

namespace reel::platform {

struct LedgerTask {
  std::string id, service, kind, label;
  std::string spec;         // JSON for the worker; opaque here
  std::string payload;      // for the queue; opaque here
  double cost_seconds = 1;  // estimated
};

// Tasks of one service and priority.
struct TaskGroup {
  std::string service;
  int priority = 0;
  auto operator<=>(const TaskGroup&) const = default;
};

// A wanted task that may be published.
struct ReadyTask {
  std::string id, payload;
  double cost_seconds = 0;
  int64_t ready_ms = 0;  // since when
};

struct StartCall {
  std::string task_id;
  std::string worker, host;
};

// An attempt that has begun and not ended.
struct RunningAttempt {
  std::string task_id, service, kind, payload;
  std::string worker;
  int64_t fence = 0;
  int64_t started_ms = 0;
  double cost_seconds = 0;
  int copies = 1;  // attempts at this task that may run at a time
  int priority = 0;
};

// How an attempt ended.
struct EndedAttempt {
  std::string task_id;
  int64_t fence = 0;
  enum class End { kDone, kFailed, kReleased } end = End::kFailed;
  Artifacts artifacts = {};            // kDone
  std::vector<PartRecord> parts = {};  // kDone
  base::Error error{base::Code::kInternal, ""};
  bool crashed = false;
  bool lost_input = false;  // an input has to be made again first
  int signal = 0, exit_code = 0;
  std::string last_words = {};  // of standard error
  Usage usage = {};
};

struct Judgement {
  AfterFailure after = AfterFailure::kFail;
  std::chrono::milliseconds delay{0};
};
// What follows a failure: `failures` counts this one.
using Judge = std::function<Judgement(const EndedAttempt& ended,
                                      const std::string& spec, int failures)>;

// What Record has made of an attempt.
struct RecordedAttempt {
  std::string task_id, service, kind;
  EndedAttempt::End end = EndedAttempt::End::kFailed;
  TaskState state = TaskState::kIdle;  // of the task, now
  double cost_seconds = 0;
  Usage usage = {};
  bool timed_out = false;
};
struct Recorded {
  std::vector<RecordedAttempt> attempts;  // that were running until now
  // Tasks of which other attempts are void now, and may be stopped.
  std::vector<std::string> stop;
};

// Safe from several threads, which take turns, and from several processes; each
// call is one transaction, and may be made again when nobody knows whether it
// was committed.
// Errors of every call: those of JobStore.
class TaskLedger {
 public:
  virtual ~TaskLedger() = default;

  // Makes these tasks wanted by the job: idle and failed ones become ready, and
  // ready ones as urgent as the job. The rows are the outbox: what is ready and
  // not published will be. Those that are done already, with their artifacts.
  // kConflict: somebody else leads the job, or it has ended.
  virtual base::Result<std::vector<TaskRecord>> Want(
      const LedJob& job, std::span<const LedgerTask> tasks) = 0;
  // The job counts on these finished tasks, which it has not wanted itself:
  // their artifacts stay as long as it needs them. Those that are not finished
  // (any more): it cannot count on them.
  // kConflict: as for Want.
  virtual base::Result<std::vector<std::string>> Use(
      const LedJob& job, std::span<const std::string> task_ids) = 0;

  // Those that have something ready, published or not.
  virtual base::Result<std::vector<TaskGroup>> ReadyGroups() = 0;
  // What is to be published next: the earliest due, then the longest.
  virtual base::Result<std::vector<ReadyTask>> Ready(const TaskGroup& group,
                                                     int limit) = 0;
  virtual base::Status MarkPublished(std::span<const std::string> task_ids) = 0;
  // How many are published and not begun.
  virtual base::Result<std::map<TaskGroup, int64_t>> Published() = 0;
  // Of these, what was published before then is to be published again; how
  // many.
  virtual base::Result<int> Republish(const TaskGroup& group,
                                      int64_t published_before_ms) = 0;

  // Begins attempts, in the order of the calls: nullopt for a task that is not
  // ready, nor allowed to run once more beside itself.
  virtual base::Result<std::vector<std::optional<TaskRecord>>> Start(
      std::span<const StartCall> calls) = 0;
  virtual base::Result<std::vector<RunningAttempt>> Running() = 0;
  // They may run once more beside themselves.
  virtual base::Status AllowCopy(std::span<const std::string> task_ids) = 0;
  // Records ends. The first result of a task counts, of whichever attempt:
  // equal tasks make equal bytes. What comes later changes nothing but its own
  // attempt.
  virtual base::Result<Recorded> Record(std::span<const EndedAttempt> ended,
                                        const Judge& judge) = 0;

  // The last change that EndedSince would tell.
  virtual base::Result<int64_t> LastChange() = 0;
  // Tasks that became done, failed or idle after change number `change`, done
  // ones with their artifacts, without specs; and the number up to which all
  // are told.
  virtual base::Result<JobStore::Changes> EndedSince(int64_t change) = 0;

  // Whether `leader` has that role: it is his until he has not asked for it for
  // so long.
  virtual base::Result<bool> TakeRole(const std::string& role,
                                      const std::string& leader,
                                      std::chrono::milliseconds lease) = 0;
};

}  // namespace reel::platform
