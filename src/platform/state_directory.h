// The one-machine parts of the three seams, in one directory.
#pragma once

#include <memory>
#include <string>

#include "base/file.h"
#include "platform/job_store.h"
#include "platform/object_store.h"
#include "platform/task_queue.h"

namespace reel::platform {

struct Platform {
  std::unique_ptr<ObjectStore> objects;
  std::unique_ptr<TaskQueue> queue;
  std::unique_ptr<JobStore> jobs;
};

// Where things are in a state directory (docs/formats/state-directory.md).
struct StatePaths {
  explicit StatePaths(const std::string& directory);
  std::string lock, database, objects, temporary, logs;
};

// Opens the parts, making what is missing. Any number of processes may.
// Errors: kInvalidArgument (not writable), kUnsupported (of a newer version),
// kCorruptInput, kIo, kResourceExhausted.
base::Result<Platform> OpenStateDirectory(const std::string& directory);

// Exclusive ownership of a state directory, given up at the latest when the
// process ends, however it ends.
class StateLock {
 public:
  // Makes the directory if need be. kConflict if another process has it.
  static base::Result<StateLock> Take(const std::string& directory);

 private:
  explicit StateLock(base::File file) : file_(std::move(file)) {}
  base::File file_;
};

}  // namespace reel::platform
