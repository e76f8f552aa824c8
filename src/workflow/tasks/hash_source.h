// A master's digest as a task: on a fleet whoever takes a title in need not
// read all of it, a worker does.
#pragma once

#include <cstdint>
#include <string>

#include "workflow/task.h"

namespace reel::workflow::tasks {

// The source as it was described, which it must still be.
// Out: source.json (HashedSource).
struct HashSourceParams {
  std::string url;  // or the absolute path of a local file
  int64_t size_bytes = 0;
  std::string version;  // "" of a local file
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(HashSourceParams, url, size_bytes, version)
extern const TaskKind<HashSourceParams> kHashSource;

struct HashedSource {
  std::string digest;  // SHA-256
  int64_t size = 0;    // bytes
  std::string version;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(HashedSource, digest, size, version)

}  // namespace reel::workflow::tasks
