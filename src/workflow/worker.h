// A worker: pulls a task, runs it, records it. Keeps nothing.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/state_directory.h"
#include "workflow/task.h"
#include "workflow/task_run.h"

namespace reel::workflow {

// Exit code of a worker that has recorded its own task as timed out.
inline constexpr int kTimedOutExit = 124;

struct WorkerOptions {
  std::string name;     // of no other living worker
  std::string scratch;  // directory of its own
  std::chrono::milliseconds lease = std::chrono::seconds(10);
  // Called, from any thread, when there is something new in the job store; and
  // at least every second during a task. Only a hint.
  std::function<void()> notify = [] {};
};

class Worker {
 public:
  // All outlive this.
  Worker(platform::Platform& platform, const TaskRegistry& registry,
         WorkerOptions options);

  enum class Turn { kIdle, kWorked };
  // Runs at most one task. A task's failure is recorded, not returned; a task
  // that exceeds its timeout ends the process, with its failure recorded.
  // Errors: those of the stores; they leave nothing that a later turn, of this
  // worker or another, does not put right.
  base::Result<Turn> RunOne();

 private:
  struct Job;
  base::Status Perform(const Job& job);
  TaskHooks HooksOf(const Job& job);
  base::Status RecordFailure(const Job& job, const base::Error& error,
                             const std::vector<std::string>& lost,
                             const platform::Usage& usage);

  platform::Platform* platform_;
  const TaskRegistry* registry_;
  WorkerOptions options_;
};

}  // namespace reel::workflow
