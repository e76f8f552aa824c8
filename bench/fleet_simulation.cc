// A fleet without its machines: the real orchestrator, queue, messages and
// database; workers that wait instead of encoding. bench/fleet.py starts these
// parts as processes of their own:
//
//   submit       puts titles onto the board; says what they take, as JSON
//   orchestrate  until SIGTERM; says how long tasks were ready, as JSON
//   work         until SIGTERM
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/log.h"
#include "platform/directory_store.h"
#include "platform/nats_bus.h"
#include "platform/nats_queue.h"
#include "platform/sql_job_board.h"
#include "simulated_runner.h"
#include "simulated_title.h"
#include "workflow/fleet/fleet_orchestrator.h"
#include "workflow/fleet/fleet_worker.h"

namespace reel::bench {
namespace {

using base::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

struct Options {
  std::string jobs, queue, scratch;
  int titles = 10;
  double titles_per_second = 0;
  TitleShape shape;
  int workers = 5000, hosts = 100;
  double scale = 28;
  int jobs_at_once = 0;
  Faults faults;
};

void WaitForEnd() {
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  int signal = 0;
  sigwait(&end, &signal);
}

// As pairs of a bound, in seconds, and how many were no more than that since
// the bound before; the last bound is null.
base::Json ToJson(const base::Histogram& histogram) {
  base::Json pairs = base::Json::array();
  for (size_t i = 0; i < histogram.counts().size(); ++i) {
    base::Json bound;
    if (i < histogram.bounds().size()) bound = histogram.bounds()[i];
    pairs.push_back({std::move(bound), histogram.counts()[i]});
  }
  return pairs;
}

Status Submit(const Options& options) {
  REEL_ASSIGN(const auto board, platform::OpenJobBoard(options.jobs));
  TitleShape shape = options.shape;
  double longest = 0, work = 0;
  size_t tasks = 0;
  const auto begin = steady_clock::now();
  for (int i = 0; i < options.titles; ++i) {
    ++shape.seed;
    platform::NewJob job;
    job.title = fmt::format("title {}", i);
    job.source = "simulated";
    job.recipe = base::DumpJson(shape);
    if (options.titles_per_second > 0) {
      std::this_thread::sleep_until(
          begin +
          std::chrono::duration_cast<steady_clock::duration>(
              std::chrono::duration<double>(i / options.titles_per_second)));
    }
    REEL_TRY(board->Submit(job));
    const auto all = TasksOf(shape);
    longest = std::max(longest, CriticalPath(all));
    work += Work(all);
    tasks += all.size();
  }
  fmt::print("{}\n", base::DumpJson({{"tasks", tasks},
                                     {"tasks_of_one", TasksOf(shape).size()},
                                     {"work_seconds", work},
                                     {"critical_seconds", longest}}));
  return {};
}

Status Orchestrate(const Options& options) {
  REEL_ASSIGN(const auto connection,
              platform::NatsConnection::Open({.url = options.queue}));
  REEL_ASSIGN(const auto queue,
              platform::OpenNatsQueue(connection, seconds(30)));
  REEL_ASSIGN(const auto bus, platform::OpenNatsBus(connection, seconds(30)));
  REEL_ASSIGN(auto objects, platform::DirectoryStore::Open(
                                options.scratch + "/objects", options.scratch));
  workflow::fleet::FleetOptions fleet{.name = "simulation",
                                      .jobs_url = options.jobs};
  if (options.jobs_at_once > 0)
    fleet.planner.jobs_at_once = options.jobs_at_once;
  // Simulated tasks are as much shorter as this.
  fleet.watch.least_straggle = milliseconds(static_cast<int64_t>(
      static_cast<double>(fleet.watch.least_straggle.count()) / options.scale));
  REEL_ASSIGN(
      const auto orchestrator,
      workflow::fleet::FleetOrchestrator::Open(
          fleet, {*queue, *bus, std::move(objects)}, MakeSimulatedWork));
  WaitForEnd();
  REEL_ASSIGN(const auto metrics, orchestrator->Metrics());
  fmt::print("{}\n", base::DumpJson(ToJson(metrics.dispatch_seconds)));
  return {};
}

Status Work(const Options& options, int host, const std::stop_token& stop) {
  REEL_ASSIGN(const auto connection,
              platform::NatsConnection::Open({.url = options.queue}));
  REEL_ASSIGN(const auto queue,
              platform::OpenNatsQueue(connection, seconds(30)));
  REEL_ASSIGN(const auto bus, platform::OpenNatsBus(connection, seconds(30)));
  const workflow::TaskRegistry registry(SimulatedKinds());
  workflow::fleet::FleetWorkerOptions worker_options;
  worker_options.name = fmt::format("worker-{}", host);
  worker_options.host = fmt::format("host-{}", host);
  worker_options.version = "1";
  worker_options.services = SimulatedServices();
  worker_options.slots = options.workers / options.hosts;
  worker_options.grace = worker_options.notice_grace = milliseconds(0);
  workflow::fleet::FleetWorker worker(
      *queue, *bus, registry,
      [&](int) { return MakeSimulatedRunner(options.scale, options.faults); },
      worker_options);
  return worker.Run({stop, {}});
}

// Each with a connection of its own, as machines have.
Status WorkAll(const Options& options) {
  std::vector<std::jthread> hosts;
  for (int i = 0; i < options.hosts; ++i) {
    hosts.emplace_back([&options, i](const std::stop_token& stop) {
      if (const auto worked = Work(options, i, stop); !worked)
        spdlog::error("host {}: {}", i, worked.error().message);
    });
  }
  WaitForEnd();
  for (std::jthread& host : hosts) host.request_stop();
  return {};
}

int Main(int argc, char** argv) {
  // Taken by WaitForEnd alone.
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);
  base::StartLogging(base::LogLevel::kQuiet, "fleet_simulation");
  Options options;
  CLI::App app("A fleet without its machines (bench/fleet.py runs its parts)");
  app.require_subcommand(1);
  Status (*run)(const Options&) = nullptr;
  const auto add = [&](const char* name, Status (*what)(const Options&)) {
    CLI::App* command = app.add_subcommand(name);
    command->add_option("--jobs", options.jobs);
    command->add_option("--queue", options.queue);
    command->add_option("--scratch", options.scratch);
    command->add_option("--titles", options.titles);
    command->add_option("--titles-per-second", options.titles_per_second);
    command->add_option("--seed", options.shape.seed);
    command->add_option("--hours", options.shape.hours);
    command->add_option("--renditions", options.shape.renditions);
    command->add_flag("--parts", options.shape.parts);
    command->add_option("--workers", options.workers);
    command->add_option("--hosts", options.hosts);
    command->add_option("--scale", options.scale);
    command->add_option("--jobs-at-once", options.jobs_at_once);
    command->add_option("--stragglers", options.faults.stragglers);
    command->add_option("--crashes", options.faults.crashes);
    command->callback([&run, what] { run = what; });
  };
  add("submit", Submit);
  add("orchestrate", Orchestrate);
  add("work", WorkAll);
  CLI11_PARSE(app, argc, argv);
  const Status done = run(options);
  if (done) return 0;
  fmt::print(stderr, "fleet_simulation: {}\n", done.error().message);
  return 1;
}

}  // namespace
}  // namespace reel::bench

int main(int argc, char** argv) { return reel::bench::Main(argc, argv); }
