// One title through its graph, for commands that want what is known of it in
// the end.
#pragma once

#include <stop_token>
#include <string>

#include "base/result.h"
#include "cli/progress_display.h"
#include "cli/source_argument.h"
#include "model/recipe.h"
#include "workflow/orchestrator.h"
#include "workflow/tasks/title_graph.h"

namespace reel::cli {

struct TitleRun {
  std::string title;
  workflow::tasks::TitleResults results;
  workflow::RunCost cost;
};

// Opens the source, shown as stage "ingest", and runs its graph.
//   job    what the job is for: its name begins with it
//   state  the orchestrator's directory
// Errors: those of opening and of the run; kRejected with the first reason; the
// first failure where tasks failed.
base::Result<TitleRun> RunTitle(
    const SourceArgument& source, const model::Recipe& recipe,
    workflow::tasks::Goal goal, const std::string& job,
    const std::string& state, workflow::Orchestrator& orchestrator,
    ProgressDisplay& display, const std::stop_token& stop);

}  // namespace reel::cli
