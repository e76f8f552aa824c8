// What is counted and measured of a fleet, for monitoring
// (service/metrics.h renders it).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/histogram.h"
#include "platform/job_board.h"
#include "platform/task_queue.h"
#include "platform/task_state.h"

namespace reel::workflow::fleet {

// Tasks of one service and priority that are wanted and not done.
struct QueueMetrics {
  platform::QueueDepth depth;
  double oldest_ready_seconds = 0;  // age of the one that is ready for longest
};

// Attempts at tasks of one service, by how they ended.
struct TaskMetrics {
  int64_t done = 0;
  int64_t failed = 0;     // but for those that
  int64_t timed_out = 0;  // took too long, or whose worker went silent
  int64_t released = 0;   // handed back without blame
  int64_t retries = 0;    // attempts that follow a failed one
  // Of those that are done, from start to report.
  base::Histogram seconds{
      {1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600, 1800, 3600}};
};

struct WorkerMetrics {
  int64_t working = 0;   // workers that take tasks
  int64_t draining = 0;  // workers that finish what they have
  int64_t busy_slots = 0;
  int64_t free_slots = 0;  // of workers that take tasks
};

// Counters grow from the start of this process: of all `reel serve` together
// they are a sum. What is not a counter is the state of the whole fleet, the
// same wherever it is asked for.
struct FleetMetrics {
  std::string version;  // of the program

  struct Queue {
    std::string service;
    platform::JobPriority priority = platform::JobPriority::kNormal;
    auto operator<=>(const Queue&) const = default;
  };
  std::map<Queue, QueueMetrics> queues;
  std::map<std::string, TaskMetrics> tasks;  // counters, by service
  std::map<platform::JobState, int64_t> jobs;
  // Age of the oldest open job of each priority; none is open: left out.
  std::map<platform::JobPriority, double> oldest_job_seconds;
  int64_t late_jobs = 0;   // open, and past their deadline
  int64_t dead_tasks = 0;  // failed for good, and wanted by a failed job
  WorkerMetrics workers;

  // Counters from here on.
  // VMAF of the renditions of finished titles, by height in lines.
  std::map<int, base::Histogram> vmaf;
  int64_t store_read_bytes = 0;     // by attempts, as inputs
  int64_t store_written_bytes = 0;  // by attempts, as artifacts
  // Attempts that failed, by the code of their error.
  std::map<std::string, int64_t> task_errors;
  // Rounds of this orchestrator's parts that failed, by part: the database or
  // the queue did not do what it was asked.
  std::map<std::string, int64_t> round_errors;
  // From when a task could have been published until it was.
  base::Histogram dispatch_seconds{
      {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}};
};

// Buckets for FleetMetrics::vmaf.
inline base::Histogram VmafHistogram() {
  return base::Histogram({40, 60, 70, 75, 80, 85, 88, 90, 92, 94, 96, 98, 100});
}

}  // namespace reel::workflow::fleet
