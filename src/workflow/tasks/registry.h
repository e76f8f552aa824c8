// All kinds of tasks that a worker can run.
#pragma once

#include "workflow/task.h"

namespace reel::workflow::tasks {

TaskRegistry AllTasks();

}  // namespace reel::workflow::tasks
