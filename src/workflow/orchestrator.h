// Runs a job on this machine: evaluates its graph, publishes what is ready,
// keeps worker processes alive, and reports.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/state_directory.h"
#include "workflow/graph.h"
#include "workflow/job_tracker.h"

namespace reel::workflow {

// What this run of the job cost, this process included.
struct RunCost {
  double wall_seconds = 0;
  double cpu_seconds = 0;
  // By service; the rest (this process, workers between tasks) is "workflow".
  std::map<std::string, double> cpu_seconds_by_stage;
  int64_t tasks_run = 0;
  int64_t tasks_reused = 0;
  // Sum of every process's own peak: an upper bound of the peak of the sum.
  int64_t peak_rss_bytes = 0;
};

struct JobOutcome {
  std::vector<TaskFailure> failures;  // empty: the job is done
  RunCost cost;
};

struct OrchestratorOptions {
  std::string state_directory;
  int workers = 0;  // processes; 0: one per core that this process may use
  // The command of a worker process; its own arguments are appended.
  std::vector<std::string> worker_command = {"/proc/self/exe"};
  std::chrono::milliseconds lease = std::chrono::seconds(10);
};

// Owner of a state directory. Run blocks; call it from a thread that lives as
// long as the run, since workers die with the thread that started them.
class Orchestrator {
 public:
  // Takes the directory over: what a killed run left behind is swept, and its
  // leases are void. Errors: kConflict (another process has it), and those of
  // platform::OpenStateDirectory.
  static base::Result<std::unique_ptr<Orchestrator>> Open(
      const OrchestratorOptions& options);
  virtual ~Orchestrator() = default;

  // Runs the job until it is done, or until all that can be done without its
  // failed tasks is done. Whatever the end, no worker is left, and the same
  // call later goes on from here.
  // Errors: the graph's; kCancelled once `stop` is requested; kUnavailable if
  // workers cannot be started; those of the stores.
  virtual base::Result<JobOutcome> Run(const std::string& job_id,
                                       const std::string& title, Graph& graph,
                                       Observer& observer,
                                       std::stop_token stop) = 0;
  // For reading artifacts after the run.
  virtual platform::Platform& platform() = 0;
};

}  // namespace reel::workflow
