// Jobs of a fleet: who asked for what, how it went, and which orchestrator
// leads it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/job_store.h"
#include "platform/task_state.h"

namespace reel::platform {

// Values are priorities of the task queue.
enum class JobPriority { kBulk = 1, kNormal = 5, kNow = 9 };
inline constexpr JobPriority kJobPriorities[] = {
    JobPriority::kNow, JobPriority::kNormal, JobPriority::kBulk};
const char* Name(JobPriority priority);  // "now"
std::optional<JobPriority> JobPriorityFromName(const std::string& name);

// Times are milliseconds since 1970; 0 for none.
struct NewJob {
  std::string title;
  std::string source;  // s3://…, https://…, or a path that workers share
  std::string recipe;  // TOML, whole: what the name says may change
  std::string recipe_name;  // for people
  JobPriority priority = JobPriority::kNormal;
  int64_t deadline_ms = 0;
  std::string webhook;       // URL that is told of the end, or ""
  std::string submitted_by;  // who
  std::string trace;         // W3C trace id: 32 hexadecimal digits
  // Submitted again under the same key (1 .. 200 characters), it is the same
  // job; "" for none.
  std::string idempotency_key;
};

struct TaskCounts {
  int64_t queued = 0, running = 0, done = 0, failed = 0;
};

struct FleetJob {
  std::string id;  // sorts by the time of submission
  NewJob spec;
  JobState state = JobState::kQueued;
  std::optional<base::Error> error;
  int64_t created_ms = 0, started_ms = 0, ended_ms = 0;
  // JSON that its orchestrator keeps here: what is known of the title so far,
  // in the end its report and where its files are. "" for nothing yet.
  std::string result;
  TaskCounts tasks;
};

struct JobFilter {
  std::optional<JobState> state;
  std::optional<JobPriority> priority;
  std::string title_contains;   // any case; "" for all
  std::string idempotency_key;  // the one job that has it; "" for all
  std::string before;  // jobs submitted before that one; "" for the last
  int limit = 50;      // 1 .. 500
};

// A task of a job, for people.
struct JobTask {
  std::string id, service, kind, label;
  TaskState state = TaskState::kIdle;
  double cost_seconds = 0;
  double fraction = 0;
  int failures = 0;
  std::string worker;
  std::optional<base::Error> error;  // of the last failed attempt
};

// An attempt at it, all that is known.
struct JobAttempt {
  Attempt attempt;
  std::string host;
  int64_t started_ms = 0, ended_ms = 0;
  int signal = 0, exit_code = 0;
  std::string last_words;  // of standard error
};

// What a job has taken so far, by service.
struct ServiceCost {
  double cpu_seconds = 0, wall_seconds = 0;  // of all attempts
  int64_t done = 0, failed = 0;              // attempts
  int64_t peak_rss_bytes = 0;                // of the largest
};

// The whole board at a glance. Ages are since `now` of the board's clock.
struct BoardStats {
  std::map<JobState, int64_t> jobs;
  std::map<JobPriority, int64_t>
      oldest_open_ms;      // ages; none is open: no entry
  int64_t late_jobs = 0;   // open, and past their deadline
  int64_t dead_tasks = 0;  // failed for good, and wanted by a failed job
  struct Ready {
    std::string service;
    int priority = 0;
    int64_t tasks = 0;      // that no worker has begun
    int64_t oldest_ms = 0;  // age of the one that is ready for longest
  };
  std::vector<Ready> ready;
};

// Something that happened to a job: "submitted", "started", "stage",
// "task_failed", "done", "failed", "cancelled", "retried", …
struct JobEventRecord {
  int64_t sequence = 0;  // grows over all events of the board
  std::string job_id;
  int64_t at_ms = 0;
  std::string kind;
  std::string data;  // a JSON object
};

// A job that this orchestrator leads: what it does for it counts as long as
// nobody else has led it since, by `fence`.
struct LedJob {
  FleetJob job;
  int64_t fence = 0;
};

// Safe from several threads and processes; each call is one transaction.
// Errors of every call: those of JobStore.
class JobBoard {
 public:
  virtual ~JobBoard() = default;

  // For those who ask ---------------------------------------------------------

  struct Submitted {
    FleetJob job;
    bool is_new = true;  // false: submitted before, under the same key
  };
  // kConflict: the same key, but another job.
  virtual base::Result<Submitted> Submit(const NewJob& job) = 0;
  virtual base::Result<std::optional<FleetJob>> Find(const std::string& id) = 0;
  // The newest first, without counts of their tasks.
  virtual base::Result<std::vector<FleetJob>> List(const JobFilter& filter) = 0;
  // kNotFound; kConflict: it has ended already.
  virtual base::Status Cancel(const std::string& id) = 0;
  // A failed or cancelled job goes on: its failed tasks are tried again, what
  // is finished stays. kNotFound; kConflict: it has not failed.
  virtual base::Status Retry(const std::string& id) = 0;
  // In order of id, those that follow `after`; limit 1 .. 1000.
  virtual base::Result<std::vector<JobTask>> TasksOf(
      const std::string& job_id, std::optional<TaskState> state,
      const std::string& after, int limit) = 0;
  // All attempts at a task, the first one first.
  virtual base::Result<std::vector<JobAttempt>> AttemptsOf(
      const std::string& task_id) = 0;
  // Of all attempts at tasks that the job has wanted, whoever made them.
  virtual base::Result<std::map<std::string, ServiceCost>> CostOf(
      const std::string& job_id) = 0;
  virtual base::Result<BoardStats> Stats() = 0;
  // Events after that number, of one job or ("") of all; limit 1 .. 1000.
  virtual base::Result<std::vector<JobEventRecord>> EventsAfter(
      int64_t sequence, const std::string& job_id, int limit) = 0;

  // For orchestrators ---------------------------------------------------------

  // Renews the lead of the jobs that `leader` has, and takes the lead of others
  // that nobody has (any more), until it has `limit` of each priority: by
  // deadline, then age. Jobs that are missing from the answer are not his any
  // more.
  virtual base::Result<std::vector<LedJob>> Lead(
      const std::string& leader, int limit,
      std::chrono::milliseconds lease) = 0;
  // Gives up the lead of all.
  virtual base::Status Resign(const std::string& leader) = 0;
  // These end with kConflict when somebody else leads the job, or it has ended.
  virtual base::Status SetResult(const LedJob& job,
                                 const std::string& result) = 0;
  // Its last state, with its event; tasks that no open job wants become idle.
  virtual base::Status End(const LedJob& job, JobEvent how,
                           const std::optional<base::Error>& error,
                           const std::string& result) = 0;
  virtual base::Status AddEvent(const LedJob& job, const std::string& kind,
                                const std::string& data) = 0;
};

}  // namespace reel::platform
