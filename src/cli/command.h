// What the commands of `reel` have in common.
#pragma once

#include <functional>

#include "base/json.h"
#include "base/result.h"

namespace reel::cli {

// How a command ended. `json` is an object: with --json it becomes the last
// line of standard output, with "error" added when `status` is one.
struct Outcome {
  base::Status status;
  base::Json json = base::Json::object();
};

// The command that was typed. Each Add… function below src/cli/ declares one
// command and its options, and sets these when the user types it.
struct Invocation {
  std::function<Outcome()> run;
  bool json = false;
};

}  // namespace reel::cli
