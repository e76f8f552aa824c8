#include "cli/serve.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/file.h"
#include "cli/fleet_options.h"
#include "cli/interrupt.h"
#include "cli/version.h"
#include "platform/open_stores.h"
#include "platform/s3_upload_store.h"
#include "platform/source_opener.h"
#include "platform/sql_job_board.h"
#include "platform/sql_job_store.h"
#include "platform/token_store.h"
#include "platform/webhook_outbox.h"
#include "service/api/server.h"
#include "service/api/webhooks.h"
#include "service/estimator.h"
#include "service/metrics.h"
#include "service/title_work.h"
#include "workflow/fleet/fleet_orchestrator.h"
#include "workflow/tasks/registry.h"
#include "workflow/tasks/title_estimate.h"

namespace reel::cli {
namespace {

namespace api = service::api;
using base::Code;
using base::Fail;
using base::Result;
using base::Status;

// Copies of small objects that graphs read.
constexpr int64_t kCacheBytes = int64_t{256} << 20;
constexpr std::chrono::hours kFileLifetime{1};

struct ServeCommand {
  std::string queue, store, jobs;
  std::string listen = "127.0.0.1:8080";
  std::string tls_certificate, tls_key;
  bool allow_private = false;
  bool allow_files = false;
};

Result<api::ApiOptions> OptionsOf(const ServeCommand& command) {
  api::ApiOptions options;
  options.tls_certificate = command.tls_certificate;
  options.tls_key = command.tls_key;
  const size_t colon = command.listen.rfind(':');
  const std::string port =
      colon == std::string::npos ? "" : command.listen.substr(colon + 1);
  const auto [end, error] =
      std::from_chars(port.data(), port.data() + port.size(), options.port);
  if (port.empty() || error != std::errc() ||
      end != port.data() + port.size()) {
    return Fail(Code::kInvalidArgument,
                fmt::format("--listen {}: give HOST:PORT", command.listen));
  }
  options.host = command.listen.substr(0, colon);
  return options;
}

std::string Variable(const char* name) {
  return platform::ProcessEnvironment(name);
}

// What a process that serves has open.
struct Serving {
  FleetQueue fleet;
  std::unique_ptr<platform::ObjectStore> objects;
  std::unique_ptr<platform::TitleStore> titles;
  std::unique_ptr<platform::JobBoard> board, works_board;
  std::unique_ptr<platform::JobStore> works_jobs;
  std::unique_ptr<platform::TokenStore> tokens;
  std::unique_ptr<platform::UploadStore> uploads;
  std::unique_ptr<platform::WebhookOutbox> outbox;
  std::unique_ptr<service::Estimator> estimator;
  std::unique_ptr<service::TitleMetrics> metrics;
  std::unique_ptr<workflow::fleet::FleetOrchestrator> orchestrator;
};

Result<Serving> OpenAll(const ServeCommand& command,
                        const std::string& scratch) {
  if (command.jobs.empty()) {
    return Fail(Code::kInvalidArgument,
                "no database: give --jobs postgresql://user@host/database, or "
                "set REEL_JOBS_URL");
  }
  Serving serving;
  REEL_ASSIGN(serving.board, platform::OpenJobBoard(command.jobs));
  REEL_ASSIGN(serving.works_board, platform::OpenJobBoard(command.jobs));
  REEL_ASSIGN(serving.works_jobs, platform::OpenJobStore(command.jobs));
  REEL_ASSIGN(serving.tokens, platform::OpenTokenStore(command.jobs));
  REEL_ASSIGN(serving.outbox, platform::OpenWebhookOutbox(command.jobs));
  REEL_ASSIGN(serving.objects,
              platform::OpenObjectStore(command.store, scratch + "/objects",
                                        kCacheBytes));
  REEL_ASSIGN(serving.titles,
              platform::OpenTitleStore(command.store, *serving.objects));
  // Files that are sent to the API go beside the objects.
  REEL_ASSIGN(serving.uploads,
              platform::OpenUploadStore(command.jobs, command.store));
  serving.estimator =
      std::make_unique<service::Estimator>(service::Estimator::Options{
          .program = "/proc/self/exe", .public_only = !command.allow_private});
  REEL_ASSIGN(
      serving.fleet,
      OpenFleetQueue(command.queue, workflow::tasks::AllTasks().Services()));
  // The orchestrator's own: it reads what the API does not.
  REEL_ASSIGN(auto objects,
              platform::OpenObjectStore(command.store, scratch + "/graphs",
                                        kCacheBytes));
  serving.metrics = std::make_unique<service::TitleMetrics>();
  workflow::fleet::FleetOptions options;
  options.name = FleetName("serve");
  options.jobs_url = command.jobs;
  REEL_ASSIGN(
      serving.orchestrator,
      workflow::fleet::FleetOrchestrator::Open(
          options,
          {*serving.fleet.queue, *serving.fleet.bus, std::move(objects)},
          service::TitleWorks({*serving.works_board, *serving.works_jobs,
                               *serving.objects, *serving.titles,
                               *serving.metrics})));
  return serving;
}

Result<base::Json> Workers(const workflow::fleet::FleetView& view) {
  base::Json workers = base::Json::array();
  for (const workflow::fleet::SeenWorker& worker : view.Workers())
    workers.push_back(worker.beat);
  return workers;
}

Result<api::Estimate> Foresee(const Serving& serving,
                              const api::EstimateQuestion& question) {
  REEL_ASSIGN(const auto by_header,
              serving.estimator->Foresee(question.source, question.recipe,
                                         question.recipe_name));
  platform::JobFilter done;
  done.state = platform::JobState::kDone;
  REEL_ASSIGN(const auto jobs, serving.board->List(done));
  const auto estimate =
      service::Calibrate(by_header, question.recipe, service::PastTitles(jobs));
  api::Estimate answer{.cpu_seconds = estimate.cpu_seconds,
                       .size_bytes = estimate.size_bytes,
                       .seconds = {}};
  const int slots = serving.orchestrator->view().Slots("encode");
  if (slots > 0) answer.seconds = workflow::tasks::SecondsOn(estimate, slots);
  return answer;
}

api::ApiBackend BackendOf(const ServeCommand& command, Serving& serving) {
  api::ApiBackend backend;
  backend.board = serving.board.get();
  backend.tokens = serving.tokens.get();
  backend.uploads = serving.uploads.get();
  backend.urls.allow_private = command.allow_private;
  backend.urls.allow_files = command.allow_files;
  backend.file_url = [&serving](const std::string& job, const std::string& path,
                                const std::string&) -> Result<std::string> {
    std::string url = serving.titles->Url(job, path, kFileLifetime);
    if (!url.empty()) return url;
    return Fail(Code::kUnsupported, "a store on a disk has no addresses");
  };
  backend.workers = [&serving] {
    return Workers(serving.orchestrator->view());
  };
  backend.metrics = [&serving]() -> Result<std::string> {
    REEL_ASSIGN(auto metrics, serving.orchestrator->Metrics());
    metrics.version = ProgramVersion();
    metrics.vmaf = serving.metrics->Vmaf();
    return service::MetricsText(metrics);
  };
  backend.estimate = [&serving](const api::EstimateQuestion& question) {
    return Foresee(serving, question);
  };
  backend.metrics_token = Variable("REEL_METRICS_TOKEN");
  backend.ready = [&serving]() -> Status {
    platform::JobFilter one;
    one.limit = 1;
    REEL_TRY(serving.board->List(one));
    REEL_TRY(serving.fleet.queue->Depth());
    return serving.objects->List("", 1).map([](const auto&) {});
  };
  return backend;
}

Status Serve(const ServeCommand& command, const std::stop_token& stop) {
  REEL_ASSIGN(const api::ApiOptions options, OptionsOf(command));
  std::error_code ignored;
  const std::string scratch = fmt::format(
      "{}/reel-serve-{}",
      std::filesystem::temp_directory_path(ignored).string(), ::getpid());
  REEL_TRY(base::MakeDirectories(scratch));
  // Before there are threads: what strangers name is opened here, too.
  platform::OpenRemoteSources(
      {.cache_directory = scratch, .public_only = !command.allow_private});
  auto serving = OpenAll(command, scratch);
  if (!serving) return tl::unexpected(serving.error());
  const api::ApiBackend backend = BackendOf(command, *serving);
  api::WebhookSender webhooks(*serving->outbox,
                              {.secret = Variable("REEL_WEBHOOK_SECRET"),
                               .allow_private = command.allow_private});
  const std::jthread sender(
      [&](const std::stop_token& ended) { webhooks.Run(ended); });
  REEL_ASSIGN(auto server, api::ApiServer::Open(options, backend));
  fmt::print("{}\n", server.address());
  std::fflush(stdout);
  Status status = server.Run(stop);
  serving->orchestrator.reset();  // before what it uses
  std::filesystem::remove_all(scratch, ignored);
  return status;
}

}  // namespace

void AddServe(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ServeCommand>();
  CLI::App* command = app.add_subcommand(
      "serve", "Serve a fleet's API, and orchestrate its jobs");
  AddQueueOption(*command, options->queue);
  AddStoreOption(*command, options->store);
  AddJobsOption(*command, options->jobs);
  command
      ->add_option("--listen", options->listen,
                   "Where the API is (default: 127.0.0.1:8080)")
      ->type_name("HOST:PORT");
  command
      ->add_option("--tls-cert", options->tls_certificate,
                   "Certificate of the API, PEM")
      ->type_name("FILE");
  command->add_option("--tls-key", options->tls_key, "Its private key, PEM")
      ->type_name("FILE");
  command->add_flag("--allow-private-sources", options->allow_private,
                    "Take sources and call webhooks on private networks; "
                    "workers need REEL_PRIVATE_SOURCES=1 for it");
  command->add_flag("--allow-files", options->allow_files,
                    "Take paths as sources, on a disk that all workers share");
  command->footer(
      "Any number of them may run: PostgreSQL decides who leads which job.\n"
      "The first token: reel token add NAME --role admin");
  command->callback([options, &invocation] {
    invocation.run = [options]() -> Outcome {
      return {Serve(*options, StopOnInterrupt())};
    };
  });
}

}  // namespace reel::cli
