// Jobs of the service, for a terminal.
#pragma once

#include <string>

#include "base/json.h"

namespace reel::cli {

// One line a job, of an answer to GET /v1/jobs.
std::string JobTable(const base::Json& jobs);
// All of one job, of an answer to GET /v1/jobs/JOB.
std::string JobText(const base::Json& job);

}  // namespace reel::cli
