#include "cli/ladder.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/byte_source.h"
#include "base/file.h"
#include "base/scratch_directory.h"
#include "cli/interrupt.h"
#include "cli/job_options.h"
#include "cli/ladder_text.h"
#include "cli/progress_display.h"
#include "cli/source_argument.h"
#include "cli/title_run.h"
#include "ladder/ladder.h"
#include "model/recipe.h"
#include "service/rate_plot.h"
#include "workflow/orchestrator.h"
#include "workflow/tasks/title_graph.h"

namespace reel::cli {
namespace {

using workflow::tasks::TitleResults;

struct LadderOptions {
  SourceArgument source;
  std::string recipe = "default";
  int workers = 0;
  std::string state;  // "": nothing is kept
  std::string plot;   // "": no drawing
  bool json = false;
};

base::Result<TitleResults> Search(const LadderOptions& options,
                                  const model::Recipe& recipe,
                                  const std::string& state,
                                  const std::stop_token& stop) {
  workflow::OrchestratorOptions settings;
  settings.state_directory = state;
  settings.workers = options.workers;
  REEL_ASSIGN(const auto orchestrator, workflow::Orchestrator::Open(settings));
  ProgressDisplay display(StandardError());
  REEL_ASSIGN(TitleRun run,
              RunTitle(options.source, recipe, workflow::tasks::Goal::kLadder,
                       "ladder", state, *orchestrator, display, stop));
  return std::move(run.results);
}

// Made before the work begins: a name that cannot be written is told at once.
base::Result<std::optional<base::AtomicFile>> CreatePlot(
    const LadderOptions& options) {
  if (options.plot.empty()) return std::nullopt;
  auto file = base::AtomicFile::Create(options.plot);
  if (!file) return base::Prefix(file.error(), "--plot " + options.plot);
  return *std::move(file);
}

// What the title takes at each size, the hull of all that, and the rungs.
std::string Plot(const LadderOptions& options, const TitleResults& results) {
  std::vector<service::RateSeries> series;
  std::vector<ladder::RatePoint> all;
  for (const model::TitlePoint& point : results.points) {
    const std::string size = fmt::format("{}x{}", point.width, point.height);
    if (series.empty() || series.back().name != size) {
      series.push_back({.kind = service::RateSeries::Kind::kProbes,
                        .name = size,
                        .points = {},
                        .labels = {}});
    }
    series.back().points.push_back({point.rate_bps, point.vmaf});
    series.back().labels.push_back(fmt::format("{} CRF {:g}", size, point.crf));
    all.push_back({point.rate_bps, point.vmaf});
  }
  service::RateSeries hull{.kind = service::RateSeries::Kind::kHull,
                           .name = "hull of one CRF for all shots",
                           .points = {},
                           .labels = {}};
  for (const size_t i : ladder::ConvexHull(all)) hull.points.push_back(all[i]);
  service::RateSeries rungs{.kind = service::RateSeries::Kind::kRungs,
                            .name = results.ladder->mode + " rungs",
                            .points = {},
                            .labels = {}};
  for (const model::Rung& rung : results.ladder->rungs) {
    rungs.points.push_back(
        {static_cast<double>(rung.rate_bps), rung.target_vmaf});
    rungs.labels.push_back(rung.id);
  }
  series.push_back(std::move(hull));
  series.push_back(std::move(rungs));
  return service::PlotRates(
      "Ladder of " + base::SourceLabel(options.source.path), "VMAF", series);
}

base::Result<base::Json> Analyse(const LadderOptions& options,
                                 const std::stop_token& stop) {
  REEL_TRY(CheckSource(options.source));
  REEL_ASSIGN(const model::Recipe recipe, model::LoadRecipe(options.recipe));
  REEL_ASSIGN(auto plot, CreatePlot(options));
  std::optional<base::ScratchDirectory> scratch;
  if (options.state.empty()) {
    REEL_ASSIGN(base::ScratchDirectory made,
                base::ScratchDirectory::Make("reel-ladder"));
    scratch.emplace(std::move(made));
  }
  REEL_ASSIGN(
      const TitleResults results,
      Search(options, recipe, scratch ? scratch->path() : options.state, stop));
  const LadderEstimate estimate =
      EstimateLadder(*results.ladder, *results.timeline, results.source->video,
                     recipe.quality.measure);
  if (plot) {
    REEL_TRY(plot->Write(base::AsBytes(Plot(options, results))));
    REEL_TRY(plot->Commit());
  }
  if (!options.json) fmt::print("{}", FormatLadder(*results.ladder, estimate));
  return base::Json{{"ladder", *results.ladder},
                    {"chunks", *results.chunks},
                    {"points", results.points},
                    {"estimate", estimate}};
}

Outcome RunLadder(const LadderOptions& options) {
  auto analysed = Analyse(options, StopOnInterrupt());
  if (!analysed) return {tl::unexpected(analysed.error())};
  return {{}, *std::move(analysed)};
}

}  // namespace

void AddLadder(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<LadderOptions>();
  CLI::App* command = app.add_subcommand(
      "ladder", "Find the ladder of a title without encoding it");
  AddSourceArgument(*command, "Master to analyse", options->source);
  AddRecipeOption(*command, "Built-in recipe, or a TOML file", options->recipe);
  AddWorkersOption(*command, options->workers);
  command
      ->add_option("--state", options->state,
                   "Keep what is found here: an encode with the same --state "
                   "goes on from it (default: keep nothing)")
      ->type_name("DIR");
  command
      ->add_option("--plot", options->plot,
                   "A drawing: what the title takes at each size, the hull, "
                   "the rungs")
      ->type_name("FILE.svg");
  AddJsonFlag(*command, options->json);
  command->footer(
      "Examples:\n"
      "  reel ladder master.mov\n"
      "  reel ladder master.mov --recipe per-title --plot hull.svg");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunLadder(*options); };
  });
}

}  // namespace reel::cli
