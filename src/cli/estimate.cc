#include "cli/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <thread>

#include "base/byte_source.h"
#include "cli/job_options.h"
#include "cli/source_argument.h"
#include "media/source_probe.h"
#include "model/recipe.h"
#include "platform/source_opener.h"
#include "service/display.h"
#include "workflow/tasks/title_estimate.h"

namespace reel::cli {
namespace {

using workflow::tasks::TitleEstimate;

struct EstimateOptions {
  std::string source;
  std::string recipe = "default";
  int workers = 0;
  bool public_only = false;
  bool json = false;
};

base::Result<TitleEstimate> Foresee(const EstimateOptions& options) {
  REEL_ASSIGN(const model::Recipe recipe, model::LoadRecipe(options.recipe));
  if (!base::IsRemote(options.source)) REEL_TRY(CheckFile(options.source));
  if (options.public_only) {
    std::error_code ignored;  // without such a place no remote source is opened
    platform::OpenRemoteSources(
        {.cache_directory =
             std::filesystem::temp_directory_path(ignored).string(),
         .public_only = true});
  }
  REEL_ASSIGN(const model::Source source, media::ProbeSource(options.source));
  auto estimate = workflow::tasks::EstimateTitle(source, recipe);
  if (!estimate)
    return base::Prefix(estimate.error(), base::SourceLabel(options.source));
  return estimate;
}

Outcome RunEstimate(const EstimateOptions& options) {
  const auto estimate = Foresee(options);
  if (!estimate) return {tl::unexpected(estimate.error())};
  const int workers =
      options.workers > 0
          ? options.workers
          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const double seconds = workflow::tasks::SecondsOn(*estimate, workers);
  if (!options.json) {
    fmt::print(
        "about {:.2g} CPU hours, {} in all; {} by {} workers of this speed\n",
        estimate->cpu_seconds / 3600,
        service::DisplayBytes(estimate->size_bytes),
        service::DisplayTime(seconds), workers);
  }
  base::Json json = *estimate;
  json["seconds"] = seconds;
  json["workers"] = workers;
  return {{}, std::move(json)};
}

}  // namespace

void AddEstimate(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<EstimateOptions>();
  CLI::App* command = app.add_subcommand(
      "estimate", "Foresee what an encode takes, by the source's header alone");
  command
      ->add_option("SRC", options->source,
                   "A file, s3://BUCKET/KEY or https://…")
      ->type_name("")
      ->required();
  AddRecipeOption(*command, "Built-in recipe, or a TOML file", options->recipe);
  AddWorkersOption(*command, options->workers);
  command->add_flag("--public-only", options->public_only,
                    "Refuse web servers at private addresses");
  AddJsonFlag(*command, options->json);
  command->footer(
      "It reads no picture, so it does not know how hard they are: within a\n"
      "factor of two for most films. `reel ladder` looks closer.");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunEstimate(*options); };
  });
}

}  // namespace reel::cli
