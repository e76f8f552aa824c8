// The page of `reel inspect --html`, from what an inspection left in its state.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "service/inspection_html.h"
#include "workflow/orchestrator.h"
#include "workflow/task_io.h"
#include "workflow/tasks/title_graph.h"

namespace reel::cli {

// Fills in what was measured: times, curves, and the pictures, which are
// decoded by the orchestrator's workers. Needs `page.source` and `page.report`.
//   input    nullopt for a source that was never opened: nothing is measured
// Errors: kCancelled; those of the stores and of the orchestrator. A picture
// that cannot be made is none.
base::Status AddMeasurements(const std::optional<workflow::Input>& input,
                             const workflow::tasks::InspectionObjects& measured,
                             workflow::Orchestrator& orchestrator,
                             workflow::Observer& observer,
                             const std::stop_token& stop,
                             service::InspectionPage& page);

}  // namespace reel::cli
