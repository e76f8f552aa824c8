#include "cli/scale.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/interrupt.h"
#include "cli/job_options.h"
#include "cli/local_workers.h"
#include "platform/nats_connection.h"
#include "platform/nats_queue.h"
#include "service/scaling.h"

namespace reel::cli {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Between two looks at the queue and the workers.
constexpr milliseconds kPeriod{500};
// Beyond the grace that workers are given: they need some time to report.
constexpr milliseconds kReportGrace = std::chrono::seconds(15);

struct ScaleOptions {
  std::string queue_url;  // as typed; "": the environment's
  std::vector<std::string> services;
  int min_workers = 1;
  int max_workers = 0;
  double target_age_seconds = 5;
  double idle_seconds = 60;
  double grace_seconds = 600;
  std::string worker_command;
  std::vector<std::string> worker_arguments;
};

milliseconds Milliseconds(double seconds) {
  return duration_cast<milliseconds>(std::chrono::duration<double>(seconds));
}

milliseconds Now() {
  return duration_cast<milliseconds>(
      LocalWorkers::Clock::now().time_since_epoch());
}

std::vector<std::string> WorkerCommand(const ScaleOptions& options) {
  std::vector<std::string> command = {options.worker_command};
  if (options.worker_command.empty())
    command = {std::filesystem::read_symlink("/proc/self/exe"), "worker"};
  const auto add = [&](const std::vector<std::string>& more) {
    command.insert(command.end(), more.begin(), more.end());
  };
  add({"--slots", "1"});
  add({"--grace", fmt::format("{:g}", options.grace_seconds)});
  if (!options.queue_url.empty()) add({"--queue", options.queue_url});
  if (!options.services.empty())
    add({"--service", fmt::format("{}", fmt::join(options.services, ","))});
  add(options.worker_arguments);
  return command;
}

// Everybody on the machine sees a command line, and a worker's has it again.
base::Result<platform::NatsOptions> QueueOptions(const std::string& typed) {
  if (typed.find('@') != std::string::npos) {
    return base::Fail(base::Code::kInvalidArgument,
                      "scale: no user or password in --queue: use "
                      "REEL_QUEUE_USER and REEL_QUEUE_PASSWORD");
  }
  auto options = platform::NatsOptionsFromEnvironment(std::getenv);
  if (!typed.empty()) options.url = typed;
  if (!options.url.empty()) return options;
  return base::Fail(base::Code::kInvalidArgument,
                    "scale: no queue: give --queue or REEL_QUEUE_URL");
}

// Of our services, all together. None: the queue does not answer.
std::optional<platform::QueueDepth> DepthOf(
    platform::TaskQueue& queue, const std::vector<std::string>& services) {
  const auto depths = queue.Depths();
  if (!depths) {
    spdlog::warn("{}", depths.error().message);
    return std::nullopt;
  }
  platform::QueueDepth sum;
  for (const platform::ServiceDepth& one : *depths) {
    if (!services.empty() &&
        std::ranges::find(services, one.service) == services.end())
      continue;
    sum.ready += one.depth.ready;
    sum.held += one.depth.held;
  }
  return sum;
}

// Until a stop is requested.
void Scale(const ScaleOptions& options, platform::TaskQueue& queue,
           LocalWorkers& workers, const std::stop_token& stop) {
  const service::ScalingPolicy policy{
      .min_workers = options.min_workers,
      .max_workers = options.max_workers,
      .target_age = Milliseconds(options.target_age_seconds),
      .idle = Milliseconds(options.idle_seconds)};
  // Of no other process of the fleet, nearly always.
  const std::string name =
      fmt::format("scale {} {}", ::getpid(), Now().count());
  service::ScalingState state;
  for (; !stop.stop_requested(); PauseFor(kPeriod, stop)) {
    const auto depth = DepthOf(queue, options.services);
    for (const milliseconds lived : workers.Look())
      service::NoteCrash(name, Now(), lived, state);
    const int running = workers.running();
    const int wanted = service::WantedWorkers(policy,
                                              {.now = Now(),
                                               .depth = depth,
                                               .workers = running,
                                               .stopping = workers.stopping()},
                                              state);
    if (wanted == running) continue;
    spdlog::info("{} workers, {} tasks ready, {} held: {} workers", running,
                 depth ? depth->ready : 0, depth ? depth->held : 0, wanted);
    if (const auto kept = workers.Keep(wanted); !kept) {
      spdlog::warn("{}", kept.error().message);
      service::NoteCrash(name, Now(), milliseconds(0), state);
    }
  }
}

base::Status RunScale(const ScaleOptions& options) {
  REEL_ASSIGN(const auto nats, QueueOptions(options.queue_url));
  if (options.min_workers > options.max_workers) {
    return base::Fail(base::Code::kInvalidArgument,
                      "scale: --min is more than --max");
  }
  const std::stop_token stop = StopOnInterrupt();
  REEL_ASSIGN(auto connection, platform::NatsConnection::Open(nats));
  REEL_ASSIGN(const auto queue, platform::OpenNatsQueue(connection));
  LocalWorkers workers(WorkerCommand(options),
                       Milliseconds(options.grace_seconds) + kReportGrace);
  Scale(options, *queue, workers, stop);
  spdlog::info("ending {} workers", workers.running());
  REEL_TRY(workers.Keep(0));
  // Each ends or is killed within its grace.
  for (; workers.stopping() > 0; PauseFor(kPeriod, {})) workers.Look();
  return {};
}

void AddLimits(CLI::App& command, ScaleOptions& options) {
  command
      .add_option("--min", options.min_workers,
                  "Workers that always run (default: 1)")
      ->type_name("N")
      ->check(CLI::Range(0, 4096));
  command
      .add_option("--max", options.max_workers,
                  "Workers that run at most; a machine has room for one a core")
      ->type_name("N")
      ->check(CLI::Range(1, 4096))
      ->required();
  command
      .add_option("--target-age", options.target_age_seconds,
                  "More workers when tasks are ready for longer (default: 5)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 86400.0));
  command
      .add_option("--idle", options.idle_seconds,
                  "One worker less when one had nothing to do for so long "
                  "(default: 60)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 86400.0));
  command
      .add_option("--grace", options.grace_seconds,
                  "How long a worker that is to end may go on with its task "
                  "before it hands it back (default: 600)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 86400.0));
}

}  // namespace

void AddScale(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ScaleOptions>();
  CLI::App* command = app.add_subcommand(
      "scale", "Keep as many workers on this machine as the queue needs");
  command
      ->add_option("--queue", options->queue_url,
                   "The task queue, nats://HOST:PORT (default: REEL_QUEUE_URL)")
      ->type_name("URL");
  command
      ->add_option(
          "--service", options->services,
          "Services whose tasks count and are worked on (default: all)")
      ->type_name("NAME,…")
      ->delimiter(',')
      ->allow_extra_args(false);  // or it would take "--" for its end
  AddLimits(*command, *options);
  command
      ->add_option("--worker-command", options->worker_command,
                   "A program to start in place of `reel worker`; it gets the "
                   "same options")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  command
      ->add_option("ARGUMENTS", options->worker_arguments,
                   "After `--`: more options for each worker")
      ->type_name("");
  command->footer(
      "Examples:\n"
      "  reel scale --max 32 --queue nats://queue:4222 -- --store "
      "s3://bucket/prefix\n"
      "  reel scale --min 0 --max 8 --service encode,quality\n"
      "Workers are told to end, and waited for, at SIGTERM and Ctrl-C.");
  command->callback([options, &invocation] {
    invocation.run = [options] { return Outcome{RunScale(*options)}; };
  });
}

}  // namespace reel::cli
