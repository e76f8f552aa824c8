#include "cli/encode.h"

#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "base/file.h"
#include "cli/interrupt.h"
#include "cli/job_options.h"
#include "cli/ladder_text.h"
#include "cli/progress_display.h"
#include "model/recipe.h"
#include "service/display.h"
#include "service/report_html.h"
#include "service/title_directory.h"
#include "workflow/orchestrator.h"
#include "workflow/tasks/title_graph.h"
#include "workflow/tasks/title_report.h"

namespace reel::cli {
namespace {

using workflow::tasks::TitleGraph;
using workflow::tasks::TitleResults;

// Where things are, with what was left to default filled in.
EncodeOptions Complete(EncodeOptions options) {
  if (options.directory.empty()) {
    options.directory = SourceName(options.source.path);
    // Not into the package itself.
    if (IsPackage(options.source)) options.directory += "-title";
  }
  if (options.state.empty()) options.state = options.directory + "/.reel";
  return options;
}

std::vector<model::VideoTrackFile> Tracks(
    const workflow::tasks::TitleResults& results) {
  std::vector<model::VideoTrackFile> tracks;
  for (const auto& rendition : results.video) tracks.push_back(rendition.track);
  return tracks;
}

base::Status WriteReports(const model::Report& report,
                          const workflow::tasks::TitleResults& results,
                          const std::string& directory) {
  REEL_TRY(base::MakeDirectories(directory));
  REEL_TRY(base::WriteFileAtomically(
      directory + "/report.json",
      base::AsBytes(base::DumpPrettyJson(report) + "\n")));
  return base::WriteFileAtomically(
      directory + "/report.html",
      base::AsBytes(service::RenderReportHtml(report, Tracks(results))));
}

// "encode_chunk (chunk 3) failed after 4 attempts: …; 2 more tasks failed …"
base::Error FailureError(const std::vector<workflow::TaskFailure>& failures,
                         const std::string& state) {
  const workflow::TaskFailure& first = failures.front();
  std::string message =
      fmt::format("{} failed after {} attempt{}: {}",
                  workflow::TaskName(first.kind, first.label), first.attempts,
                  first.attempts == 1 ? "" : "s", first.error.message);
  if (failures.size() > 1) {
    message += fmt::format("; {} more failed", failures.size() - 1);
  }
  message += fmt::format(
      ". Finished work is kept in {}: the same command goes on from there",
      state);
  return {first.error.code, std::move(message)};
}

// An error that names a full disk says what to do about it.
base::Error WithRemedy(base::Error error, const std::string& directory) {
  if (error.code == base::Code::kResourceExhausted) {
    error.message += fmt::format(
        ". Free some space for {} and run the same command again", directory);
  }
  return error;
}

// What becomes known on the way.
struct Encoded {
  model::Report report;
  std::optional<imf::PackageListing> package;
};

// A package that its own files reject.
base::Status RejectPackage(const EncodeOptions& options,
                           const OpenedSource& source, model::Report& report) {
  report.title = source.title;
  report.source.path = SourcePlace(options.source.path);
  report.inspection = WithFindings({}, source.findings);
  REEL_TRY(WriteReports(report, {}, options.directory));
  return tl::unexpected(workflow::tasks::RejectionError(report.inspection));
}

model::ReportEstimate EstimateTitle(const TitleResults& results,
                                    const model::Recipe& recipe) {
  const LadderEstimate estimate =
      EstimateLadder(*results.ladder, *results.timeline, results.source->video,
                     recipe.quality.measure);
  return {.cpu_seconds = std::accumulate(estimate.cpu_seconds.begin(),
                                         estimate.cpu_seconds.end(), 0.0),
          .video_bytes = std::accumulate(estimate.bytes.begin(),
                                         estimate.bytes.end(), int64_t{0})};
}

// Tells what a searched ladder will take as soon as there is one.
class EncodeDisplay : public ProgressDisplay {
 public:
  EncodeDisplay(DisplayOptions options, const std::optional<TitleGraph>& graph,
                const model::Recipe& recipe)
      : ProgressDisplay(std::move(options)), graph_(graph), recipe_(recipe) {}

  void Tick() override {
    if (!estimate_ && graph_ && graph_->results().ladder) {
      estimate_ = EstimateTitle(graph_->results(), recipe_);
      Note(
          fmt::format("{} rungs: about {} of pictures and {:.0f} s of CPU to "
                      "encode and measure them",
                      graph_->results().ladder->rungs.size(),
                      service::DisplayBytes(estimate_->video_bytes),
                      estimate_->cpu_seconds));
    }
    ProgressDisplay::Tick();
  }

  model::ReportEstimate estimate() const {
    return estimate_.value_or(model::ReportEstimate{});
  }

 private:
  const std::optional<TitleGraph>& graph_;
  const model::Recipe& recipe_;
  std::optional<model::ReportEstimate> estimate_;
};

// What was foreseen beside what came.
void NoteOutcome(const model::Report& report, ProgressDisplay& display) {
  const model::ReportEstimate& estimate = report.cost.estimate;
  // A job that was resumed did only part of it this time.
  if (estimate.video_bytes == 0 || report.cost.tasks_reused > 0) return;
  int64_t bytes = 0;
  for (const auto& rendition : report.renditions) bytes += rendition.bytes;
  const auto stage = [&](const char* name) {
    const auto found = report.cost.cpu_seconds_by_stage.find(name);
    return found == report.cost.cpu_seconds_by_stage.end() ? 0 : found->second;
  };
  display.Note(fmt::format(
      "{} of pictures ({} foreseen); {:.0f} s of CPU to encode and measure "
      "({:.0f} "
      "foreseen) and {:.0f} s to search",
      service::DisplayBytes(bytes), service::DisplayBytes(estimate.video_bytes),
      stage("encode") + stage("quality") + stage("ladder") -
          report.cost.search_cpu_seconds,
      estimate.cpu_seconds, report.cost.search_cpu_seconds));
}

// The run itself, once everything is opened.
base::Status EncodeTitle(const EncodeOptions& options,
                         workflow::Orchestrator& orchestrator,
                         const model::Recipe& recipe,
                         const std::stop_token& stop, Encoded& encoded) {
  model::Report& report = encoded.report;
  std::optional<TitleGraph> graph;  // outlives the display, which asks it
  DisplayOptions terminal = StandardError();
  terminal.frames = [&graph]() -> int64_t {
    const bool known = graph && graph->results().timeline;
    return known ? graph->results().timeline->frames : 0;
  };
  EncodeDisplay display(std::move(terminal), graph, recipe);
  REEL_ASSIGN(const OpenedSource source,
              OpenSource(options.source, imf::PackageRequest::Several::kRefuse,
                         options.state, [&](double part) {
                           display.Show("ingest", part);
                           return !stop.stop_requested();
                         }));
  encoded.package = source.package;
  if (!source.input) return RejectPackage(options, source, report);
  graph.emplace(*source.input, recipe, workflow::tasks::Goal::kEncode);
  const auto outcome = orchestrator.Run("encode-" + source.input->digest,
                                        source.title, *graph, display, stop);
  workflow::RunCost cost;
  if (outcome) cost = outcome->cost;
  report =
      workflow::tasks::MakeReport(source.title, graph->results(), recipe, cost);
  report.source.path = SourcePlace(options.source.path);
  report.inspection = WithFindings(report.inspection, source.findings);
  report.cost.estimate = display.estimate();
  if (!outcome) {
    const base::Code code = outcome.error().code;
    if (code == base::Code::kRejected || code == base::Code::kOutputWrong) {
      REEL_TRY(WriteReports(report, graph->results(), options.directory));
    }
    return tl::unexpected(outcome.error());
  }
  if (!outcome->failures.empty()) {
    return tl::unexpected(FailureError(outcome->failures, options.state));
  }
  NoteOutcome(report, display);
  REEL_TRY(WriteReports(report, graph->results(), options.directory));
  return service::PublishTitle(graph->results().files,
                               *orchestrator.platform().objects,
                               options.directory);
}

}  // namespace

Outcome RunEncode(const EncodeOptions& given) {
  const std::stop_token stop = StopOnInterrupt();
  const EncodeOptions options = Complete(given);
  const auto fail = [](const base::Error& error) {
    return Outcome{tl::unexpected(error)};
  };
  if (auto status = CheckSource(options.source); !status) {
    return fail(status.error());
  }
  auto recipe = model::LoadRecipe(options.recipe);
  if (!recipe) return fail(recipe.error());
  workflow::OrchestratorOptions settings;
  settings.state_directory = options.state;
  settings.workers = options.workers;
  auto orchestrator = workflow::Orchestrator::Open(settings);
  if (!orchestrator) return fail(orchestrator.error());

  Encoded encoded;
  Outcome outcome;
  outcome.status = EncodeTitle(options, **orchestrator, *recipe, stop, encoded);
  outcome.json = encoded.report;
  if (encoded.package) outcome.json["imf"] = *encoded.package;
  if (!outcome.status) {
    return {fail(WithRemedy(outcome.status.error(), options.directory)).status,
            std::move(outcome.json)};
  }
  if (!options.json) {
    fmt::print("{}\n", options.directory);
  }
  return outcome;
}

void AddEncode(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<EncodeOptions>();
  CLI::App* command = app.add_subcommand(
      "encode", "Encode one title, here, now; run it again to resume");
  AddSourceArgument(*command, "Master to encode", options->source);
  command
      ->add_option("-o,--output", options->directory,
                   "Directory of the finished title (default: SRC's name "
                   "without its extension; of a package NAME-title)")
      ->type_name("DIR");
  AddRecipeOption(*command, "Built-in recipe, or a TOML file", options->recipe);
  AddWorkersOption(*command, options->workers);
  command
      ->add_option("--state", options->state,
                   "Where finished work is kept (default: DIR/.reel)")
      ->type_name("DIR");
  AddJsonFlag(*command, options->json);
  command->footer(
      "Examples:\n"
      "  reel encode master.mov -o title     # then: reel play title\n"
      "  reel encode master.mov -o title --recipe my.toml --workers 4\n"
      "  reel encode supplemental/ --ov original/ -o title\n"
      "  reel encode s3://masters/film.mov -o title\n"
      "Interrupted or killed, the same command goes on where it stopped.");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunEncode(*options); };
  });
}

}  // namespace reel::cli
