// Shows how a job of the service goes on, until it has ended.
#pragma once

#include <string>

#include "cli/api_client.h"
#include "cli/command.h"

namespace reel::cli {

// The outcome is the job's: its error, and as JSON the job itself.
Outcome WatchJob(ApiClient& client, const std::string& id);

// An ended job's status: its error; kCancelled if somebody has cancelled it.
base::Status StatusOfJob(const base::Json& job);

}  // namespace reel::cli
