// One attempt at a task, in this process.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/job_store.h"
#include "platform/object_store.h"
#include "workflow/task.h"

namespace reel::workflow {

// Called by a thread of its own while the task's function runs.
struct TaskHooks {
  std::chrono::milliseconds interval = std::chrono::seconds(1);
  // Every interval, with the fraction done. False: the attempt is void, and its
  // function is asked to stop.
  std::function<bool(double fraction)> beat;
  // Once, at the task's timeout. A function that hangs cannot be stopped, but
  // its process can: does not return.
  std::function<void()> expire;
};

struct TaskEnd {
  // Of the outputs, which are in the store by now. Errors: the function's;
  // kUnsupported (no such kind in this version); kNotFound (the source has
  // changed meanwhile), whatever the function says.
  base::Result<platform::Artifacts> artifacts;
  std::vector<std::string> lost;  // digests of inputs that are gone
  platform::Usage usage;
  int64_t read_bytes = 0;  // of inputs from the store
};

//   scratch  directory of this attempt's own, gone afterwards
TaskEnd RunTask(const TaskSpec& spec, const TaskRegistry& registry,
                platform::ObjectStore& objects, const std::string& scratch,
                const TaskHooks& hooks);

}  // namespace reel::workflow
