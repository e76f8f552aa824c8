// The third seam: what is wanted, what is done, and every attempt at it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/object_store.h"
#include "platform/task_state.h"

namespace reel::platform {

// A task's outputs, by name.
using Artifacts = std::map<std::string, Object>;

struct TaskRecord {
  std::string id;  // its identity, docs/formats/task-identity.md
  std::string service;
  std::string kind;
  std::string spec;    // JSON for the worker; opaque here
  std::string worker;  // of the last attempt
  TaskState state = TaskState::kIdle;
  int64_t fence = 0;  // number of the last attempt
  int failures = 0;   // attempts that failed in this run
  double fraction = 0;
  Artifacts artifacts;               // when done
  std::optional<base::Error> error;  // of the last failed attempt
};

struct JobRecord {
  std::string id;
  std::string title;
  JobState state = JobState::kRunning;
  std::optional<base::Error> error;
};

// What an attempt used.
struct Usage {
  double cpu_seconds = 0;  // of the worker process, all threads
  double wall_seconds = 0;
  int64_t peak_rss_bytes = 0;
};

enum class AttemptOutcome { kRunning, kDone, kFailed, kReleased };

struct Attempt {
  int64_t sequence = 0;  // grows over all attempts of the store
  std::string task_id;
  std::string service;
  int64_t fence = 0;
  std::string worker;
  AttemptOutcome outcome = AttemptOutcome::kRunning;
  Usage usage;
  std::string error;
};

// A task that another one makes along the way.
struct PartRecord {
  std::string task_id;
  std::vector<std::string> outputs;  // which of the whole task's outputs
};

// Safe from several threads and processes; each call is one transaction.
//
// Fencing: every attempt has a number, larger than all earlier ones of its
// task. Progress, Complete and Fail of an attempt that is not the last one end
// with kConflict and change nothing, so a worker thought dead cannot overwrite.
//
// Errors of every call: kConflict, kIo, kResourceExhausted (full),
// kUnavailable, kCorruptInput (the database is damaged).
class JobStore {
 public:
  virtual ~JobStore() = default;

  // Makes the job, or opens the one of that id again.
  virtual base::Status OpenJob(const std::string& id,
                               const std::string& title) = 0;
  virtual base::Status CloseJob(const std::string& id, JobEvent how,
                                const std::optional<base::Error>& error) = 0;
  virtual base::Result<std::optional<JobRecord>> FindJob(
      const std::string& id) = 0;

  virtual base::Result<std::optional<TaskRecord>> FindTask(
      const std::string& id) = 0;
  // Makes these tasks wanted: unknown, idle and failed ones become queued, with
  // the spec given here; queued, running and finished ones stay as they are.
  // Reads id, service, kind and spec of each record.
  virtual base::Status Want(std::span<const TaskRecord> tasks) = 0;
  // Begins an attempt. If an earlier one is running, that is void, and counts
  // as a failure. kConflict if the task is not wanted (any more), or is done:
  // the caller drops it.
  virtual base::Result<TaskRecord> Start(const std::string& task_id,
                                         const std::string& worker) = 0;
  virtual base::Status Progress(const std::string& task_id, int64_t fence,
                                double fraction) = 0;
  // Records the artifacts of the task and of its parts. They must be in the
  // object store by now.
  virtual base::Status Complete(const std::string& task_id, int64_t fence,
                                const Artifacts& artifacts,
                                std::span<const PartRecord> parts,
                                const Usage& usage) = 0;
  virtual base::Status Fail(const std::string& task_id, int64_t fence,
                            AfterFailure after, const base::Error& error,
                            const Usage& usage) = 0;
  // The object is lost: the tasks that have it as an artifact must run again
  // when next wanted. Their number.
  virtual base::Result<int> Forget(const std::string& digest) = 0;
  // Nobody works here (any more): what is queued or running becomes idle, its
  // attempt void, and failures are forgotten.
  virtual base::Status ReleaseAll() = 0;

  // The attempt that a worker has begun and not ended.
  virtual base::Result<std::optional<TaskRecord>> RunningOn(
      const std::string& worker) = 0;
  // The last change of any task, and the last attempt; 0 for none.
  struct Mark {
    int64_t change = 0;
    int64_t attempt = 0;
  };
  virtual base::Result<Mark> Now() = 0;
  // Tasks changed after number `change` (as they are now, in order of change,
  // without their specs), and the number up to which all are told. A change is
  // told in its order, and may be told some time after it was made.
  struct Changes {
    std::vector<TaskRecord> tasks;
    int64_t last = 0;
  };
  virtual base::Result<Changes> ChangedSince(int64_t change) = 0;
  // Attempts that began after the one of that sequence number; 0 for all.
  virtual base::Result<std::vector<Attempt>> AttemptsSince(
      int64_t sequence) = 0;
};

}  // namespace reel::platform
