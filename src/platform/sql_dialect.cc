#include "platform/sql_dialect.h"

#include <fmt/format.h>

namespace reel::platform {

std::string StatesChangedBySql(TaskEvent event, TaskState into) {
  std::string states;
  for (int number = 0; number <= static_cast<int>(TaskState::kFailed);
       ++number) {
    const auto state = static_cast<TaskState>(number);
    const auto next = Next(state, event);
    if (!next || *next != into || state == into) continue;
    states += fmt::format("{}{}", states.empty() ? "" : ", ", number);
  }
  return states;
}

}  // namespace reel::platform
