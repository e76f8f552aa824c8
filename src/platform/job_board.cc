#include "platform/job_board.h"

namespace reel::platform {

const char* Name(JobPriority priority) {
  switch (priority) {
    case JobPriority::kBulk:
      return "bulk";
    case JobPriority::kNormal:
      return "normal";
    case JobPriority::kNow:
      return "now";
  }
  return "";
}

std::optional<JobPriority> JobPriorityFromName(const std::string& name) {
  for (const JobPriority priority : kJobPriorities) {
    if (name == Name(priority)) return priority;
  }
  return std::nullopt;
}

}  // namespace reel::platform
