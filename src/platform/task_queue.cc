#include "platform/task_queue.h"

#include <fmt/format.h>

#include <algorithm>

namespace reel::platform {

using base::Code;
using base::Fail;
using base::Status;

Status CheckService(const std::string& service) {
  constexpr size_t kMostLetters = 64;
  const bool is_name = std::ranges::all_of(service, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (is_name && service.size() <= kMostLetters) return {};
  return Fail(Code::kInvalidArgument, "not a service: \"" + service + '"');
}

Status CheckQueued(const QueuedTask& task) {
  REEL_TRY(CheckService(task.service));
  if (task.priority < kLeastPriority || task.priority > kMostPriority) {
    return Fail(
        Code::kInvalidArgument,
        fmt::format("priority {} of task {} is not in {}..{}", task.priority,
                    task.task_id, kLeastPriority, kMostPriority));
  }
  if (task.payload.size() > kMostPayloadBytes) {
    return Fail(Code::kInvalidArgument,
                fmt::format("task {} has a payload of {} bytes", task.task_id,
                            task.payload.size()));
  }
  return {};
}

}  // namespace reel::platform
