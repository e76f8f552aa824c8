// What a job is for, as its orchestrator sees it.
#pragma once

#include <functional>
#include <memory>

#include "base/json.h"
#include "base/result.h"
#include "platform/job_board.h"
#include "workflow/graph.h"

namespace reel::workflow::fleet {

// One thread at a time.
class Work {
 public:
  virtual ~Work() = default;
  virtual Graph& graph() = 0;
  // What is known so far, for people: an object, kept with the job.
  virtual base::Json Summary() = 0;
  // Once the graph wants nothing more: hands over what the job has made. May
  // take a while; done twice it does no harm.
  virtual base::Status Publish() = 0;
};

// Errors: kInvalidArgument, … (the job cannot be begun: it fails with this).
using MakeWork = std::function<base::Result<std::unique_ptr<Work>>(
    const platform::FleetJob&)>;

}  // namespace reel::workflow::fleet
