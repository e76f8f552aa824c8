// A job of a fleet whose work is one title: from its source to files that
// players read.
#pragma once

#include "platform/job_board.h"
#include "platform/job_store.h"
#include "platform/object_store.h"
#include "platform/title_store.h"
#include "service/title_metrics.h"
#include "workflow/fleet/work.h"

namespace reel::service {

// All outlive what is made with them.
struct TitleStores {
  platform::JobBoard& board;
  platform::JobStore& jobs;
  platform::ObjectStore& objects;
  platform::TitleStore& titles;
  TitleMetrics& metrics;
};

// Makes the work of jobs. What a job's title is called in the title store is
// its id.
//
// The result that is kept with the job (docs/api/): "inspection" as soon as it
// is known; once the title is published "report" (report.json), "files" by
// path, each with digest and size_bytes, and "title".
// Errors of the function: kInvalidArgument (the recipe), those of
// workflow::DescribeExternal.
workflow::fleet::MakeWork TitleWorks(const TitleStores& stores);

}  // namespace reel::service
