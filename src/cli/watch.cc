#include "cli/watch.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "cli/api_client.h"
#include "cli/interrupt.h"
#include "cli/job_options.h"
#include "cli/submit.h"
#include "cli/watch_folder.h"
#include "cli/watched_place.h"
#include "model/recipe.h"

namespace reel::cli {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

struct WatchOptions {
  std::string place;
  double interval_seconds = 5;
  double settle_seconds = 10;
  SubmitOptions submit;  // of each source
};

milliseconds Milliseconds(double seconds) {
  return duration_cast<milliseconds>(std::chrono::duration<double>(seconds));
}

milliseconds Now() {
  return duration_cast<milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

class Watch {
 public:
  Watch(const WatchOptions& options, ApiClient& client, WatchedPlace& place,
        std::stop_token stop)
      : options_(options),
        client_(client),
        place_(place),
        stop_(std::move(stop)),
        folder_({.settle = place.grows() ? Milliseconds(options.settle_seconds)
                                         : milliseconds(0),
                 .interval = Milliseconds(options.interval_seconds)}) {}

  // Until a stop is requested.
  void Run() {
    for (; !stop_.stop_requested();
         PauseFor(Milliseconds(options_.interval_seconds), stop_)) {
      Look();
      CareForDue();
    }
  }

 private:
  void Look() {
    const Status listed =
        place_.List([&](const std::string& name, const SourceVersion& version) {
          folder_.See({name, JobKey(place_.SourceOf(name), version), version},
                      Now());
        });
    if (listed) return folder_.EndLook();
    spdlog::warn("{}: {}", options_.place, listed.error().message);
  }

  // One that goes wrong never holds up others; a service that is away does.
  void CareForDue() {
    for (const WatchFolder::Source& source : folder_.Due(Now())) {
      if (stop_.stop_requested()) return;
      const Status status = CareFor(source);
      if (status || stop_.stop_requested()) continue;
      spdlog::warn("{}: {}", source.name, status.error().message);
      if (status.error().code == Code::kUnavailable)
        return folder_.Wait(source.name, Now());
      folder_.Fail(source.name, Now());
    }
  }

  Status CareFor(const WatchFolder::Source& source) {
    REEL_ASSIGN(const Json job, FindOrSubmit(source));
    const std::string state = job.value("state", "");
    if (state.empty())
      return Fail(Code::kUnavailable,
                  client_.url() + ": a job without a state");
    if (state == "queued" || state == "running") {
      folder_.Wait(source.name, Now());
      return {};
    }
    const Json error = job.contains("error") && job.at("error").is_object()
                           ? job.at("error")
                           : Json::object();
    const bool is_rejected =
        error.value("code", "") == base::CodeName(Code::kRejected);
    if (is_rejected) {
      REEL_ASSIGN(const Json report, ReportOf(job, error));
      REEL_TRY(place_.Reject(source, report));
    }
    spdlog::info("{}: job {} is {}{}{}", source.name, job.value("id", ""),
                 is_rejected ? "rejected" : state, error.empty() ? "" : ": ",
                 error.value("message", ""));
    folder_.End(source.name);
    return {};
  }

  // The service knows what was submitted, also before a restart.
  Result<Json> FindOrSubmit(const WatchFolder::Source& source) {
    REEL_ASSIGN(const Json page, client_.Get("/v1/jobs?key=" + source.key));
    const Json jobs = page.is_object() ? page.value("jobs", Json()) : Json();
    const bool is_list =
        jobs.is_array() && (jobs.empty() || jobs.front().is_object());
    if (!is_list)
      return Fail(Code::kUnavailable, client_.url() + ": no list of jobs");
    if (!jobs.empty()) return jobs.front();
    // What was listed may have been replaced since: that is another source.
    REEL_TRY(place_.CheckUnchanged(source));
    SubmitOptions options = options_.submit;
    options.source = place_.SourceOf(source.name);
    REEL_ASSIGN(Json job,
                SubmitSource(client_, options, source.key, [&](double) {
                  if (!stop_.stop_requested())
                    return place_.CheckUnchanged(source);
                  return Status(Fail(Code::kCancelled, "interrupted"));
                }));
    spdlog::info("{}: job {}", source.name, job.value("id", ""));
    return job;
  }

  // What is known of why: the inspection, or at least what the job says.
  Result<Json> ReportOf(const Json& job, const Json& error) {
    auto report =
        client_.Get("/v1/jobs/" + Encoded(job.value("id", "")) + "/report");
    if (report || report.error().code != Code::kConflict) return report;
    return Json{{"error", error}};
  }

  const WatchOptions& options_;
  ApiClient& client_;
  WatchedPlace& place_;
  const std::stop_token stop_;
  WatchFolder folder_;
};

Status RunWatch(const WatchOptions& options) {
  REEL_ASSIGN(ApiClient client, ApiClient::Open(options.submit.api));
  // Told now, not of every source.
  REEL_TRY(model::LoadRecipe(options.submit.recipe));
  const std::stop_token stop = StopOnInterrupt();
  REEL_ASSIGN(const auto place, OpenWatchedPlace(options.place));
  spdlog::info("watching {}", options.place);
  Watch(options, client, *place, stop).Run();
  return {};
}

}  // namespace

void AddWatch(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command = app.add_subcommand(
      "watch", "Give the service what appears in a directory or a bucket");
  command
      ->add_option("PLACE", options->place,
                   "A directory, or s3://bucket/prefix")
      ->type_name("")
      ->required();
  AddRecipeOption(*command, "Built-in recipe, or a TOML file",
                  options->submit.recipe);
  AddPriorityOption(*command, options->submit.priority);
  command
      ->add_option("--interval", options->interval_seconds,
                   "Between two looks (default: 5)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 86400.0));
  command
      ->add_option("--settle", options->settle_seconds,
                   "How long a file must not have changed (default: 10)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 86400.0));
  AddApiOptions(*command, options->submit.api);
  command->footer(
      "Examples:\n"
      "  reel watch /srv/incoming --priority bulk\n"
      "  reel watch s3://masters/incoming --recipe archive.toml\n"
      "Each file or object becomes a job once, also after a restart. Files "
      "are\n"
      "sent; those that are rejected are moved to DIR/rejected/.");
  command->callback([options, &invocation] {
    invocation.run = [options]() -> Outcome { return {RunWatch(*options)}; };
  });
}

}  // namespace reel::cli
