#include "cli/compare.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/scratch_directory.h"
#include "cli/compare_text.h"
#include "cli/interrupt.h"
#include "cli/job_options.h"
#include "cli/progress_display.h"
#include "cli/source_argument.h"
#include "cli/title_run.h"
#include "ladder/ladder.h"
#include "model/recipe.h"
#include "workflow/orchestrator.h"
#include "workflow/tasks/title_graph.h"
#include "workflow/tasks/title_report.h"

namespace reel::cli {
namespace {

struct CompareOptions {
  std::vector<std::string> sources;
  std::string anchor = "fixed";
  std::string test = "default";
  int workers = 0;
  std::string state;  // "": nothing is kept
  std::string plot;   // directory; "": no drawings
  bool json = false;
};

// A recipe, and where what it makes is kept: apart from the other's, so that
// neither saves the other any work.
struct Side {
  std::string name;
  model::Recipe recipe;
  std::unique_ptr<workflow::Orchestrator> orchestrator;
  std::string state;
};

//   role  "anchor" or "test"
base::Result<Side> OpenSide(const std::string& name, const std::string& role,
                            const std::string& state, int workers) {
  Side side{.name = name, .recipe = {}, .orchestrator = {}, .state = {}};
  REEL_ASSIGN(side.recipe, model::LoadRecipe(name));
  side.recipe.quality.measure = true;
  const base::Json json = side.recipe;
  side.state = fmt::format("{}/{}-{}", state, role,
                           base::Sha256(json.dump()).substr(0, 16));
  workflow::OrchestratorOptions settings;
  settings.state_directory = side.state;
  settings.workers = workers;
  REEL_ASSIGN(side.orchestrator, workflow::Orchestrator::Open(settings));
  return side;
}

ladder::CodedLadder LadderOf(const model::Report& report) {
  ladder::CodedLadder coded;
  for (const model::ReportRendition& rendition : report.renditions) {
    // Without a score there is nothing to compare by: pictures too small.
    if (rendition.vmaf.is_null() || rendition.psnr.is_null()) continue;
    coded.points.push_back({static_cast<double>(rendition.average_bitrate),
                            rendition.vmaf.at("mean").get<double>(),
                            rendition.psnr.at("mean").get<double>()});
  }
  for (const char* stage : {"ladder", "encode", "quality"}) {
    const auto found = report.cost.cpu_seconds_by_stage.find(stage);
    if (found != report.cost.cpu_seconds_by_stage.end())
      coded.cpu_seconds += found->second;
  }
  return coded;
}

std::string ClassOf(const model::Report& report) {
  std::vector<int64_t> frames;
  std::vector<std::string> classes;
  for (const model::ReportShot& shot : report.shots) {
    frames.push_back(shot.frames);
    classes.push_back(shot.complexity.content_class);
  }
  return ladder::CommonClass(frames, classes);
}

// What one recipe makes of one source.
base::Result<model::Report> Encode(const SourceArgument& source, Side& side,
                                   const std::stop_token& stop) {
  ProgressDisplay display(StandardError());
  display.Note(fmt::format("{}: {}", SourceName(source.path), side.name));
  REEL_ASSIGN(
      const TitleRun run,
      RunTitle(source, side.recipe, workflow::tasks::Goal::kRenditions,
               "compare", side.state, *side.orchestrator, display, stop));
  if (run.cost.tasks_reused > 0) {
    display.Note(
        fmt::format("{}: {} tasks were done before; their CPU is not counted",
                    side.name, run.cost.tasks_reused));
  }
  return workflow::tasks::MakeReport(run.title, run.results, side.recipe,
                                     run.cost);
}

base::Result<ladder::ComparedTitle> CompareSource(const std::string& path,
                                                  Side& anchor, Side& test,
                                                  const std::stop_token& stop) {
  const SourceArgument source{.path = path};
  REEL_ASSIGN(const model::Report by_anchor, Encode(source, anchor, stop));
  REEL_ASSIGN(const model::Report by_test, Encode(source, test, stop));
  return ladder::ComparedTitle{.title = by_anchor.title,
                               .content_class = ClassOf(by_anchor),
                               .anchor = LadderOf(by_anchor),
                               .test = LadderOf(by_test)};
}

base::Status WritePlots(const CompareOptions& options,
                        std::span<const ladder::ComparedTitle> titles) {
  REEL_TRY(base::MakeDirectories(options.plot));
  for (size_t i = 0; i < titles.size(); ++i) {
    // Numbered: two sources may have one name.
    const std::string name =
        fmt::format("{}/{:02}-{}", options.plot, i + 1, titles[i].title);
    const auto write = [&](const char* suffix, const char* metric,
                           double ladder::CodedLadder::Point::*quality) {
      return base::WriteFileAtomically(
          name + suffix,
          base::AsBytes(PlotComparison(titles[i], options.anchor, options.test,
                                       metric, quality)));
    };
    REEL_TRY(write("-vmaf.svg", "VMAF", &ladder::CodedLadder::Point::vmaf));
    REEL_TRY(
        write("-psnr.svg", "PSNR (dB)", &ladder::CodedLadder::Point::psnr_db));
  }
  return {};
}

base::Json PointsOf(const ladder::CodedLadder& coded) {
  base::Json points = base::Json::array();
  for (const ladder::CodedLadder::Point& point : coded.points) {
    points.push_back({{"rate_bps", point.rate_bps},
                      {"vmaf", point.vmaf},
                      {"psnr", point.psnr_db}});
  }
  return points;
}

base::Status FailureOf(const std::vector<base::Error>& failures) {
  if (failures.empty()) return {};
  base::Error first = failures.front();
  if (failures.size() > 1)
    first.message += fmt::format("; {} more failed", failures.size() - 1);
  return tl::unexpected(std::move(first));
}

// All sources that can be compared; the others are named in the end, and what
// was found of the rest is there all the same.
base::Result<Outcome> CompareAll(const CompareOptions& options,
                                 const std::stop_token& stop) {
  for (const std::string& path : options.sources)
    REEL_TRY(CheckSource({.path = path}));
  std::optional<base::ScratchDirectory> scratch;
  if (options.state.empty()) {
    REEL_ASSIGN(base::ScratchDirectory made,
                base::ScratchDirectory::Make("reel-compare"));
    scratch.emplace(std::move(made));
  }
  const std::string state = scratch ? scratch->path() : options.state;
  REEL_ASSIGN(Side anchor,
              OpenSide(options.anchor, "anchor", state, options.workers));
  REEL_ASSIGN(Side test,
              OpenSide(options.test, "test", state, options.workers));

  std::vector<ladder::ComparedTitle> titles;
  std::vector<base::Error> failures;
  for (const std::string& path : options.sources) {
    auto title = CompareSource(path, anchor, test, stop);
    if (title) {
      titles.push_back(*std::move(title));
    } else if (title.error().code == base::Code::kCancelled) {
      return tl::unexpected(title.error());
    } else {
      failures.push_back(base::Prefix(title.error(), path).value());
    }
  }
  if (!options.plot.empty()) REEL_TRY(WritePlots(options, titles));
  const ladder::Comparison comparison = ladder::Compare(titles);
  if (!options.json && !titles.empty()) {
    fmt::print("{}",
               FormatComparison(comparison, options.anchor, options.test));
  }
  Outcome outcome{.status = FailureOf(failures), .json = comparison};
  outcome.json["anchor"] = options.anchor;
  outcome.json["test"] = options.test;
  for (size_t i = 0; i < titles.size(); ++i) {
    outcome.json["titles"][i]["anchor_points"] = PointsOf(titles[i].anchor);
    outcome.json["titles"][i]["test_points"] = PointsOf(titles[i].test);
  }
  return outcome;
}

Outcome RunCompare(const CompareOptions& options) {
  auto compared = CompareAll(options, StopOnInterrupt());
  if (!compared) return {.status = tl::unexpected(compared.error())};
  return *std::move(compared);
}

}  // namespace

void AddCompare(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command = app.add_subcommand(
      "compare", "Hold two recipes against each other, by BD-rate");
  command
      ->add_option("SRC", options->sources,
                   "Masters to encode by both, one after the other")
      ->required()
      ->type_name("FILE…");
  command
      ->add_option("--anchor", options->anchor,
                   "Recipe to compare with: built-in, or a TOML file")
      ->type_name("NAME|FILE")
      ->capture_default_str();
  command
      ->add_option("--test", options->test,
                   "Recipe to compare: built-in, or a TOML file")
      ->type_name("NAME|FILE")
      ->capture_default_str();
  AddWorkersOption(*command, options->workers);
  command
      ->add_option("--state", options->state,
                   "Keep finished work here: the same command goes on from it "
                   "(default: keep nothing)")
      ->type_name("DIR");
  command
      ->add_option("--plot", options->plot,
                   "Drawings of each title: rate against VMAF and PSNR")
      ->type_name("DIR");
  AddJsonFlag(*command, options->json);
  command->footer(
      "Examples:\n"
      "  reel compare film.mov cartoon.mov --plot curves\n"
      "  reel compare film.mov --anchor default --test slower.toml");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunCompare(*options); };
  });
}

}  // namespace reel::cli
