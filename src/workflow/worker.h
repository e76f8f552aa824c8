// A worker: pulls a task, runs it, records it. Keeps nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "platform/state_directory.h"
#include "workflow/task.h"

namespace reel::workflow {

struct WorkerOptions {
  std::string name;     // unique over all time: "worker-0-4711"
  std::string scratch;  // directory of its own
  std::chrono::milliseconds lease = std::chrono::seconds(10);
};

class Worker {
 public:
  // All outlive this.
  Worker(platform::Platform& platform, const TaskRegistry& registry,
         WorkerOptions options);
  enum class Turn { kIdle, kWorked };
  // Runs at most one task. A task's failure is recorded, not returned.
  // Errors: those of the stores; they leave nothing that a later turn, of this
  // worker or another, does not put right.
  base::Result<Turn> RunOne();

 private:
  platform::Platform* platform_;
  const TaskRegistry* registry_;
  WorkerOptions options_;
};

// The first argument with which the program starts itself as a worker.
inline constexpr char kWorkerCommand[] = "worker-process";

// In main, before anything else: if this process was started as a worker, works
// until its orchestrator is gone and returns the exit code.
std::optional<int> RunIfWorkerProcess(int argc, const char* const* argv,
                                      const TaskRegistry& registry);

}  // namespace reel::workflow
