// report.json's content, from what the title's tasks left.
#pragma once

#include <string>

#include "model/report.h"
#include "workflow/orchestrator.h"
#include "workflow/tasks/title_graph.h"

namespace reel::workflow::tasks {

// As much as `results` hold: a rejected source has no shots and no renditions.
//   title   its name, for people
//   recipe  what was promised
model::Report MakeReport(const std::string& title, const TitleResults& results,
                         const model::Recipe& recipe, const RunCost& cost);

}  // namespace reel::workflow::tasks
