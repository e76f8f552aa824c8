// What the processes of a fleet say to each other, as JSON on the message bus
// (docs/formats/fleet-messages.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/log.h"
#include "base/result.h"
#include "platform/job_store.h"
#include "platform/task_queue.h"
#include "workflow/task.h"

namespace reel::workflow::fleet {

// Subjects of the bus.
inline constexpr char kStartSubject[] = "start";  // StartRequest → StartAnswer
inline constexpr char kBeatSubject[] = "beat";    // Beat, to all
inline constexpr char kStopSubject[] = "stop";    // StopOrder, to all

// Beside a task's id in the queue: what a worker has to know to take it.
struct TaskPayload {
  std::string kind;
  int version = 1;
  std::string trace;  // W3C trace id of the job that published it, or ""
};

// What logs say of a leased task: `task`, and `trace` where it has one.
base::LogFields LogFieldsOf(const platform::Lease& lease);

// "I hold these tasks' leases: may I begin?" Once for all that were pulled
// together.
struct StartRequest {
  std::string worker;  // of no other living worker
  std::string host;
  std::vector<std::string> task_ids;
};

enum class StartVerdict {
  kStart,  // an attempt has begun
  kDrop,   // done, or not wanted (any more), or running elsewhere: acknowledge
  kLater,  // cannot be told now: hand back with a delay
};

struct StartedTask {
  std::string task_id;
  StartVerdict verdict = StartVerdict::kLater;
  int64_t fence = 0;  // number of the attempt
  int failures = 0;   // of attempts before it
  std::optional<TaskSpec> spec;
};

struct StartAnswer {
  std::vector<StartedTask> tasks;
};

enum class AttemptEnd {
  kDone,
  kFailed,
  kReleased,  // handed back without blame: drained, or told to stop
};

// How an attempt ended. Goes by PutReport, under "TASK/FENCE".
struct AttemptReport {
  std::string task_id;
  int64_t fence = 0;
  std::string worker;
  std::string host;
  AttemptEnd end = AttemptEnd::kFailed;
  platform::Artifacts artifacts;     // kDone
  std::vector<Part> parts;           // kDone: of the spec
  std::optional<base::Error> error;  // kFailed
  bool crashed = false;              // kFailed: its process died
  int signal = 0;                    // that ended the process, or 0
  int exit_code = 0;                 // of a process that ended by itself
  std::string last_words;            // end of its standard error
  std::vector<std::string> lost;     // digests of inputs that are gone
  platform::Usage usage;
  int64_t read_bytes = 0;  // of inputs from the store
};

// A sign of life, every two seconds, and once more when a worker ends.
struct RunningTask {
  std::string task_id;
  int64_t fence = 0;
  double fraction = 0;
};
struct Beat {
  std::string worker;
  std::string host;
  std::string version;  // of the program
  std::vector<std::string> services;
  int slots = 0;    // tasks at a time; 0: it has ended
  double load = 0;  // of the machine: 1-minute average
  bool draining = false;
  std::vector<RunningTask> tasks;
};

// These tasks' attempts are not wanted any more: cancelled, or done elsewhere.
struct StopOrder {
  std::vector<std::string> task_ids;
};

void to_json(base::Json& json, const TaskPayload& payload);
void from_json(const base::Json& json, TaskPayload& payload);
void to_json(base::Json& json, const StartRequest& request);
void from_json(const base::Json& json, StartRequest& request);
void to_json(base::Json& json, const StartedTask& task);
void from_json(const base::Json& json, StartedTask& task);
void to_json(base::Json& json, const StartAnswer& answer);
void from_json(const base::Json& json, StartAnswer& answer);
void to_json(base::Json& json, const AttemptReport& report);
void from_json(const base::Json& json, AttemptReport& report);
void to_json(base::Json& json, const Beat& beat);
void from_json(const base::Json& json, Beat& beat);
void to_json(base::Json& json, const StopOrder& order);
void from_json(const base::Json& json, StopOrder& order);

}  // namespace reel::workflow::fleet
