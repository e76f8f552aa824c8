#include "cli/exit_code.h"

namespace reel::cli {

ExitCode ExitCodeOf(base::Code code) {
  switch (code) {
    case base::Code::kInvalidArgument:
    case base::Code::kNotFound:
      return kWrongUsage;
    case base::Code::kRejected:
      return kSourceRejected;
    case base::Code::kOutputWrong:
      return kValidationFailed;
    case base::Code::kUnavailable:
      return kServiceUnreachable;
    case base::Code::kCancelled:
      return kInterrupted;
    case base::Code::kCorruptInput:
    case base::Code::kUnsupported:
    case base::Code::kConflict:
    case base::Code::kInternal:
    case base::Code::kIo:
    case base::Code::kTimeout:
    case base::Code::kResourceExhausted:
      return kFailed;
  }
  return kFailed;
}

ExitCode ExitCodeOf(const base::Status& status) {
  return status ? kDone : ExitCodeOf(status.error().code);
}

}  // namespace reel::cli
