#include "cli/inspect.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/byte_source.h"
#include "base/file.h"
#include "base/scratch_directory.h"
#include "cli/inspection_page.h"
#include "cli/inspection_text.h"
#include "cli/interrupt.h"
#include "cli/job_options.h"
#include "cli/package_text.h"
#include "cli/progress_display.h"
#include "cli/source_argument.h"
#include "workflow/orchestrator.h"
#include "workflow/tasks/title_graph.h"

namespace reel::cli {
namespace {

namespace fs = std::filesystem;
using workflow::tasks::TitleGraph;
using workflow::tasks::TitleResults;

struct InspectOptions {
  SourceArgument source;
  int workers = 0;
  bool json = false;
  std::string recipe = "fixed";
  std::string spec;
  std::string html;  // "": no page
};

// What the source is held against.
struct Wanted {
  model::Recipe recipe;
  model::DeliverySpec spec;
};

base::Result<Wanted> Load(const InspectOptions& options) {
  Wanted wanted;
  REEL_ASSIGN(wanted.recipe, model::LoadRecipe(options.recipe));
  if (options.spec.empty()) return wanted;
  REEL_ASSIGN(wanted.spec, model::LoadDeliverySpec(options.spec));
  return wanted;
}

// The page's file, made before the work begins: a name that cannot be written
// is told at once.
base::Result<std::optional<base::AtomicFile>> CreatePage(
    const InspectOptions& options) {
  if (options.html.empty()) return std::nullopt;
  std::error_code error;
  if (fs::equivalent(options.html, options.source.path, error)) {
    return base::Fail(base::Code::kInvalidArgument,
                      "--html " + options.html + ": is the source itself");
  }
  auto file = base::AtomicFile::Create(options.html);
  if (!file) return base::Prefix(file.error(), "--html " + options.html);
  return *std::move(file);
}

// What was found.
struct Inspection {
  model::Source source;
  model::InspectionReport report;
  std::optional<imf::PackageListing> package;
};

// kRejected is the caller's to tell.
base::Result<TitleResults> InspectMedia(const workflow::Input& input,
                                        const Wanted& wanted,
                                        const std::string& name,
                                        workflow::Orchestrator& orchestrator,
                                        ProgressDisplay& display,
                                        const std::stop_token& stop) {
  TitleGraph graph(input, wanted.recipe, workflow::tasks::Goal::kInspect,
                   wanted.spec);
  const auto outcome = orchestrator.Run("inspect", name, graph, display, stop);
  if (!outcome && outcome.error().code != base::Code::kRejected)
    return tl::unexpected(outcome.error());
  if (outcome && !outcome->failures.empty())
    return tl::unexpected(outcome->failures.front().error);
  return graph.results();
}

base::Status WritePage(const Inspection& inspection, const OpenedSource& source,
                       const workflow::tasks::InspectionObjects& measured,
                       workflow::Orchestrator& orchestrator,
                       ProgressDisplay& display, const std::stop_token& stop,
                       base::AtomicFile& file) {
  service::InspectionPage page;
  page.title =
      fs::path(inspection.source.path).lexically_normal().filename().string();
  page.source = inspection.source;
  page.report = inspection.report;
  page.package = inspection.package;
  REEL_TRY(AddMeasurements(source.input, measured, orchestrator, display, stop,
                           page));
  REEL_TRY(file.Write(base::AsBytes(service::RenderInspectionHtml(page))));
  return file.Commit();
}

base::Result<Inspection> Inspect(const InspectOptions& options,
                                 const Wanted& wanted, const std::string& state,
                                 base::AtomicFile* page,
                                 const std::stop_token& stop) {
  workflow::OrchestratorOptions settings;
  settings.state_directory = state;
  settings.workers = options.workers;
  REEL_ASSIGN(const auto orchestrator, workflow::Orchestrator::Open(settings));
  ProgressDisplay display(StandardError());
  REEL_ASSIGN(OpenedSource source,
              OpenSource(options.source, imf::PackageRequest::Several::kFirst,
                         state, [&](double part) {
                           display.Show("ingest", part);
                           return !stop.stop_requested();
                         }));
  TitleResults results;
  if (source.input) {
    REEL_ASSIGN(results, InspectMedia(*source.input, wanted,
                                      base::SourceLabel(options.source.path),
                                      *orchestrator, display, stop));
  }
  Inspection inspection{
      results.source.value_or(model::Source{}),
      WithFindings(results.inspection.value_or(model::InspectionReport{}),
                   source.findings),
      std::move(source.package)};
  inspection.source.path = base::SourceLabel(options.source.path);
  if (page != nullptr) {
    REEL_TRY(WritePage(inspection, source, results.measured, *orchestrator,
                       display, stop, *page));
  }
  return inspection;
}

Outcome Tell(const Inspection& inspection, bool json) {
  const auto& [source, report, package] = inspection;
  if (!json) {
    if (package) fmt::print("{}", FormatPackage(*package));
    fmt::print("{}", FormatInspection(source, report));
  }
  Outcome outcome{{}, {{"source", source}, {"inspection", report}}};
  if (package) outcome.json["imf"] = *package;
  if (report.verdict == model::Verdict::kReject) {
    outcome.status = base::Fail(
        base::Code::kRejected,
        fmt::format(
            "{}: rejected: {}", source.path,
            report.findings.empty() ? "" : report.findings.front().message));
  }
  return outcome;
}

Outcome RunInspect(const InspectOptions& options) {
  const std::stop_token stop = StopOnInterrupt();
  if (auto status = CheckSource(options.source); !status) return {status};
  const auto wanted = Load(options);
  if (!wanted) return {tl::unexpected(wanted.error())};
  auto page = CreatePage(options);
  if (!page) return {tl::unexpected(page.error())};
  const auto scratch = base::ScratchDirectory::Make("reel-inspect");
  if (!scratch) return {tl::unexpected(scratch.error())};
  const auto inspection = Inspect(options, *wanted, scratch->path(),
                                  *page ? &**page : nullptr, stop);
  if (!inspection) return {tl::unexpected(inspection.error())};
  return Tell(*inspection, options.json);
}

}  // namespace

void AddInspect(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = app.add_subcommand(
      "inspect", "Look for every defect that would spoil the encodes");
  AddSourceArgument(*command, "Master to inspect", options->source);
  AddWorkersOption(*command, options->workers);
  AddRecipeOption(*command, "Recipe whose [inspection] limits apply",
                  options->recipe);
  command
      ->add_option("--spec", options->spec,
                   "Delivery specification that the source must keep")
      ->type_name("NAME|FILE");
  command
      ->add_option("--html", options->html,
                   "Write a page with a timeline and pictures of the findings")
      ->type_name("FILE");
  AddJsonFlag(*command, options->json);
  command->footer(
      "Examples:\n"
      "  reel inspect master.mov\n"
      "  reel inspect master.mov --spec prores-422-hq\n"
      "  reel inspect master.mov --html master.html\n"
      "  reel inspect master.mov --json | jq .inspection.verdict\n"
      "  reel inspect package/ --cpl 1818e811-892f-402b-a23f-0824128b2f33\n"
      "Exit code 0: accepted, perhaps with warnings; 3: rejected.");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunInspect(*options); };
  });
}

}  // namespace reel::cli
