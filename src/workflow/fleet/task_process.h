// Both ends of a task process: its main, and its worker's hold on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/object_store.h"
#include "workflow/fleet/task_runner.h"
#include "workflow/task.h"

namespace reel::workflow::fleet {

// Where a task process finds what it reads and writes. Secrets are in its
// environment, not here: everybody on the machine can read a command line.
struct TaskProcessOptions {
  std::vector<std::string> command = {"/proc/self/exe"};
  std::string store;    // "s3://bucket/prefix", "file:///directory"
  std::string scratch;  // directory of this process's own
  int64_t cache_bytes = int64_t{1} << 30;
};

// Opens the store, with copies in `directory` of at most so many bytes.
using OpenObjects =
    std::function<base::Result<std::unique_ptr<platform::ObjectStore>>(
        const std::string& store, const std::string& directory,
        int64_t cache_bytes)>;

// In main, before anything else: if this process was started as a task process,
// runs what it is given until its worker is gone and returns the exit code.
//   prepare  called with its scratch directory, before the first task
std::optional<int> RunIfTaskProcess(
    int argc, const char* const* argv, const TaskRegistry& registry,
    const OpenObjects& open,
    const std::function<void(const std::string& scratch)>& prepare);

// Starts the process when it is first needed, and again after it has died.
// Killed, or destroyed, it leaves no scratch behind.
std::unique_ptr<TaskRunner> MakeTaskProcess(TaskProcessOptions options);

}  // namespace reel::workflow::fleet
