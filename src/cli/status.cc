#include "cli/status.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "cli/api_client.h"
#include "cli/job_options.h"
#include "cli/job_text.h"
#include "cli/job_watch.h"

namespace reel::cli {
namespace {

struct StatusOptions {
  std::string job;
  std::string state;
  int limit = 20;
  bool watch = false;
  bool json = false;
  ApiAddress api;
};

Outcome ShowJobs(const StatusOptions& options, ApiClient& client) {
  std::string path = fmt::format("/v1/jobs?limit={}", options.limit);
  if (!options.state.empty()) path += "&state=" + Encoded(options.state);
  auto jobs = client.Get(path);
  if (!jobs) return {tl::unexpected(jobs.error())};
  if (!options.json) fmt::print("{}", JobTable(*jobs));
  return {{}, *std::move(jobs)};
}

Outcome ShowJob(const StatusOptions& options, ApiClient& client) {
  Outcome outcome;
  if (options.watch) {
    outcome = WatchJob(client, options.job);
    if (!outcome.json.contains("id")) return outcome;
  } else {
    auto job = client.Get("/v1/jobs/" + Encoded(options.job));
    if (!job) return {tl::unexpected(job.error())};
    outcome.json = *std::move(job);
  }
  if (!options.json) fmt::print("{}", JobText(outcome.json));
  return outcome;
}

Outcome RunStatus(const StatusOptions& options) {
  if (options.watch && options.job.empty()) {
    return {base::Fail(base::Code::kInvalidArgument, "--watch: say which job")};
  }
  auto client = ApiClient::Open(options.api);
  if (!client) return {tl::unexpected(client.error())};
  return options.job.empty() ? ShowJobs(options, *client)
                             : ShowJob(options, *client);
}

// A command that changes a job: POST to /v1/jobs/JOB/`verb`.
void AddChange(CLI::App& app, Invocation& invocation, const std::string& verb,
               const std::string& description) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* command = app.add_subcommand(verb, description);
  command->add_option("JOB", options->job, "Its id")->type_name("")->required();
  AddApiOptions(*command, options->api);
  AddJsonFlag(*command, options->json);
  command->callback([options, verb, &invocation] {
    invocation.json = options->json;
    invocation.run = [options, verb]() -> Outcome {
      auto client = ApiClient::Open(options->api);
      if (!client) return {tl::unexpected(client.error())};
      auto job = client->Post("/v1/jobs/" + Encoded(options->job) + "/" + verb,
                              base::Json());
      if (!job) return {tl::unexpected(job.error())};
      if (!options->json) fmt::print("{}", JobText(*job));
      return {{}, *std::move(job)};
    };
  });
}

}  // namespace

void AddStatus(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* command =
      app.add_subcommand("status", "Show the service's jobs, or one of them");
  command->add_option("JOB", options->job, "Its id (default: the last ones)")
      ->type_name("");
  command
      ->add_option("--state", options->state,
                   "Only queued, running, done, failed or cancelled ones")
      ->type_name("STATE");
  command->add_option("--limit", options->limit, "How many (default: 20)")
      ->type_name("N")
      ->check(CLI::Range(1, 500));
  command->add_flag("--watch", options->watch,
                    "Show progress until the job has ended, and end as it");
  AddApiOptions(*command, options->api);
  AddJsonFlag(*command, options->json);
  command->footer(
      "Examples:\n"
      "  reel status --state failed\n"
      "  reel status JOB --watch");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunStatus(*options); };
  });
}

void AddCancel(CLI::App& app, Invocation& invocation) {
  AddChange(app, invocation, "cancel", "Cancel a job of the service");
}

void AddRetry(CLI::App& app, Invocation& invocation) {
  AddChange(app, invocation, "retry",
            "Go on with a failed or cancelled job of the service");
}

}  // namespace reel::cli
