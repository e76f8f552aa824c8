// Exit codes of every command: docs/cli.md.
#pragma once

#include "base/result.h"

namespace reel::cli {

enum ExitCode {
  kDone = 0,
  kFailed = 1,
  kWrongUsage = 2,
  kSourceRejected = 3,
  kValidationFailed = 4,
  kServiceUnreachable = 5,
  kInterrupted = 130,
};

ExitCode ExitCodeOf(base::Code code);
ExitCode ExitCodeOf(const base::Status& status);

}  // namespace reel::cli
