#include "cli/submit.h"

#include <fmt/format.h>

#include <memory>
#include <regex>
#include <utility>

#include "base/file.h"
#include "cli/job_options.h"
#include "cli/job_watch.h"
#include "cli/progress_display.h"
#include "model/recipe.h"
#include "platform/secret.h"
#include "service/api/timestamp.h"

namespace reel::cli {
namespace {

using base::Code;
using base::Json;
using base::Result;
using base::Status;

constexpr int kKeyBytes = 16;

bool IsUrl(const std::string& source) {
  return source.find("://") != std::string::npos;
}

// A built-in recipe goes by its name, a file's text goes along.
Status AddRecipe(const std::string& recipe, Json& body) {
  body["recipe"] = recipe;
  if (model::BuiltInRecipeText(recipe)) return {};
  REEL_ASSIGN(const model::Recipe checked, model::LoadRecipe(recipe));
  REEL_ASSIGN(body["recipe_toml"], base::ReadTextFile(recipe));
  return {};
}

Result<Json> BodyOf(const SubmitOptions& options) {
  Json body = Json::object();
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) body[name] = value;
  };
  add("title", options.title);
  add("priority", options.priority);
  add("deadline",
      AbsoluteDeadline(options.deadline, std::chrono::system_clock::now()));
  add("webhook", options.webhook);
  REEL_TRY(AddRecipe(options.recipe, body));
  return body;
}

}  // namespace

std::string AbsoluteDeadline(const std::string& deadline,
                             std::chrono::system_clock::time_point now) {
  static const std::regex format(R"(\+(\d{1,6})([mhd]))");
  std::smatch match;
  if (!std::regex_match(deadline, match, format)) return deadline;
  const int64_t count = std::stoll(match[1].str());
  const char unit = match[2].str()[0];
  const std::chrono::minutes span(count * (unit == 'm'   ? 1
                                           : unit == 'h' ? 60
                                                         : 24 * 60));
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
      (now + span).time_since_epoch());
  return service::api::FormatTimestamp(ms.count());
}

Result<Json> SubmitSource(ApiClient& client, const SubmitOptions& options,
                          const std::string& key, const UploadProgress& told) {
  REEL_ASSIGN(Json body, BodyOf(options));
  const bool is_file = !IsUrl(options.source);
  if (is_file) {
    REEL_ASSIGN(body["upload"], UploadFile(client, options.source, told));
  } else {
    body["source"] = options.source;
  }
  REEL_ASSIGN(Json job,
              client.Post("/v1/jobs", body, {{"idempotency-key", key}}));
  if (is_file) ForgetUpload(client, options.source);
  return job;
}

Outcome RunSubmit(const SubmitOptions& options) {
  auto client = ApiClient::Open(options.api);
  if (!client) return {tl::unexpected(client.error())};
  // Its answer may be lost: sent again, it is the same job.
  const std::string key = platform::RandomHex(kKeyBytes);
  auto job = [&] {
    ProgressDisplay display(StandardError());
    return SubmitSource(*client, options, key, [&](double fraction) -> Status {
      display.Show("upload", fraction);
      return {};
    });
  }();
  if (!job) return {tl::unexpected(job.error())};
  const std::string id = job->value("id", "");
  if (!options.json) fmt::print("{}\n", id);
  std::fflush(stdout);
  if (!options.wait) return {{}, *std::move(job)};
  return WatchJob(*client, id);
}

void AddSubmit(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<SubmitOptions>();
  CLI::App* command =
      app.add_subcommand("submit", "Give the service a title to encode");
  command
      ->add_option("SRC", options->source,
                   "s3://bucket/key, https://…, or a file, which is sent")
      ->type_name("")
      ->required();
  AddRecipeOption(*command, "Built-in recipe, or a TOML file", options->recipe);
  command
      ->add_option("--title", options->title,
                   "Its name (default: the source's)")
      ->type_name("NAME");
  AddPriorityOption(*command, options->priority);
  command
      ->add_option("--deadline", options->deadline,
                   "When it should be done: 2026-11-23T18:00:00Z, or +2h")
      ->type_name("TIME");
  command
      ->add_option("--webhook", options->webhook,
                   "URL that is told when the job has ended")
      ->type_name("URL");
  command->add_flag("--wait", options->wait,
                    "Show progress and end as the job ends");
  AddApiOptions(*command, options->api);
  AddJsonFlag(*command, options->json);
  command->footer(
      "Examples:\n"
      "  reel submit s3://masters/film.mov --priority now --wait\n"
      "  reel submit film.mov --deadline +2h     # sends the file\n"
      "Prints the job's id. A file is sent in parts: the same command goes on\n"
      "where it was interrupted. Interrupted with --wait, the job goes on.");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunSubmit(*options); };
  });
}

}  // namespace reel::cli
