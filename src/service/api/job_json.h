// Jobs, tasks, attempts and events as the API shows them.
#pragma once

#include <span>

#include "base/json.h"
#include "platform/job_board.h"

namespace reel::service::api {

// What of a URL may be shown: a presigned one is a secret after its "?".
std::string ShownUrl(const std::string& url);

// As a list shows it; the details are counts of tasks, progress and what is
// known of the result.
base::Json JobJson(const platform::FleetJob& job);
base::Json JobDetailJson(const platform::FleetJob& job);
// {"state", "tasks", "progress"} of it.
base::Json ProgressJson(const platform::FleetJob& job);

// A tree: services, their kinds, their tasks.
base::Json TaskTreeJson(std::span<const platform::JobTask> tasks);
base::Json AttemptJson(const platform::JobAttempt& attempt);
base::Json EventJson(const platform::JobEventRecord& event);

}  // namespace reel::service::api
