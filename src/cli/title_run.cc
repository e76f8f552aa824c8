#include "cli/title_run.h"

namespace reel::cli {

base::Result<TitleRun> RunTitle(
    const SourceArgument& source, const model::Recipe& recipe,
    workflow::tasks::Goal goal, const std::string& job,
    const std::string& state, workflow::Orchestrator& orchestrator,
    ProgressDisplay& display, const std::stop_token& stop) {
  REEL_ASSIGN(const OpenedSource opened,
              OpenSource(source, imf::PackageRequest::Several::kRefuse, state,
                         [&](double part) {
                           display.Show("ingest", part);
                           return !stop.stop_requested();
                         }));
  if (!opened.input) {
    return tl::unexpected(
        workflow::tasks::RejectionError(WithFindings({}, opened.findings)));
  }
  workflow::tasks::TitleGraph graph(*opened.input, recipe, goal);
  REEL_ASSIGN(auto outcome,
              orchestrator.Run(job + "-" + opened.input->digest, opened.title,
                               graph, display, stop));
  if (!outcome.failures.empty())
    return tl::unexpected(outcome.failures.front().error);
  return TitleRun{opened.title, graph.results(), outcome.cost};
}

}  // namespace reel::cli
