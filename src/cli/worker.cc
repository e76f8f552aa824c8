#include "cli/worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/log.h"
#include "cli/fleet_options.h"
#include "cli/interrupt.h"
#include "cli/version.h"
#include "platform/open_stores.h"
#include "workflow/fleet/fleet_worker.h"
#include "workflow/fleet/task_process.h"
#include "workflow/tasks/registry.h"

namespace reel::cli {
namespace {

using base::Code;
using base::Fail;
using base::Status;

struct WorkerCommand {
  std::string queue, store;
  std::vector<std::string> services;
  int slots = 0;
  int reserved = 0;
  std::string scratch;
  int64_t scratch_bytes = int64_t{2} << 30;
  int grace_seconds = 600;
  int notice_grace_seconds = 90;
  bool log_json = false;
};

Status CheckServices(std::vector<std::string>& services,
                     const workflow::TaskRegistry& registry) {
  const std::vector<std::string> known = registry.Services();
  if (services.empty()) services = known;
  for (const std::string& service : services) {
    if (std::ranges::find(known, service) != known.end()) continue;
    return Fail(Code::kInvalidArgument,
                fmt::format("there is no service {}; there are {}", service,
                            fmt::join(known, ", ")));
  }
  return {};
}

// Its own directory below the one that was given, and gone with it.
class Scratch {
 public:
  explicit Scratch(const std::string& given) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    const std::string below =
        given.empty() ? fs::temp_directory_path(ignored).string() : given;
    path_ = fmt::format("{}/reel-worker-{}", below, ::getpid());
    fs::remove_all(path_, ignored);  // of a killed one that had our number
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Status Work(WorkerCommand command, const workflow::fleet::WorkerEnd& end) {
  const std::string name = FleetName("worker"), host = HostName();
  if (command.log_json) {
    base::StartLogging(base::LogLevel::kInfo, "reel", base::LogFormat::kJson,
                       {{"host", host}, {"worker", name}});
  }
  const workflow::TaskRegistry registry = workflow::tasks::AllTasks();
  REEL_TRY(CheckServices(command.services, registry));
  if (command.slots <= 0) {
    command.slots =
        std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }
  if (command.reserved >= command.slots && command.reserved > 0) {
    return Fail(Code::kInvalidArgument,
                fmt::format("--reserved {} leaves none of {} slots for the "
                            "other tasks",
                            command.reserved, command.slots));
  }
  const Scratch scratch(command.scratch);
  REEL_TRY(base::MakeDirectories(scratch.path()));
  // Half of a slot's share is for copies of objects, half for what it makes.
  const int64_t cache_bytes = command.scratch_bytes / command.slots / 2;
  // What cannot be reached is better told now than by every task.
  REEL_TRY(platform::OpenObjectStore(command.store, scratch.path() + "/try",
                                     cache_bytes));
  REEL_ASSIGN(const FleetQueue fleet, OpenFleetQueue(command.queue));
  workflow::fleet::FleetWorkerOptions options{
      .name = name,
      .host = host,
      .version = ProgramVersion(),
      .services = command.services,
      .slots = command.slots,
      .reserved = command.reserved,
      .grace = std::chrono::seconds(command.grace_seconds),
      .notice_grace = std::chrono::seconds(command.notice_grace_seconds)};
  const auto make_runner = [&](int slot) {
    return workflow::fleet::MakeTaskProcess(
        {.store = command.store,
         .scratch = fmt::format("{}/slot-{}", scratch.path(), slot),
         .cache_bytes = cache_bytes});
  };
  spdlog::info("{}: {} slots for {}", options.name, options.slots,
               fmt::join(options.services, ", "));
  workflow::fleet::FleetWorker worker(*fleet.queue, *fleet.bus, registry,
                                      make_runner, options);
  return worker.Run(end);
}

}  // namespace

void AddWorker(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<WorkerCommand>();
  CLI::App* command = app.add_subcommand(
      "worker", "Work for a fleet: pull tasks, run them, report");
  AddQueueOption(*command, options->queue);
  AddStoreOption(*command, options->store);
  command
      ->add_option("--service", options->services,
                   "Services whose tasks it takes (default: all)")
      ->type_name("A,B,…")
      ->delimiter(',');
  command
      ->add_option("--slots", options->slots,
                   "Tasks at a time (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--reserved", options->reserved,
                   "Of the slots, those that only take tasks of priority now")
      ->type_name("N")
      ->check(CLI::Range(0, 1024));
  command
      ->add_option("--scratch", options->scratch,
                   "Where it keeps what it is at (default: TMPDIR)")
      ->type_name("DIR");
  command
      ->add_option("--scratch-bytes", options->scratch_bytes,
                   "How much of that it may take (default: 2G)")
      ->type_name("BYTES")
      ->transform(CLI::AsSizeValue(false));
  command
      ->add_option("--grace", options->grace_seconds,
                   "After SIGTERM, how long tasks may go on (default: 600)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 86400));
  command
      ->add_option("--notice-grace", options->notice_grace_seconds,
                   "The same after SIGUSR2: the machine goes away (default: "
                   "90)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 86400));
  command->add_flag("--log-json", options->log_json,
                    "Log objects of JSON, one a line");
  command->footer(
      "Examples:\n"
      "  reel worker --queue nats://queue:4222 --store s3://media/reel\n"
      "  reel worker --service encode,quality --slots 8 --reserved 1\n"
      "SIGTERM drains it: it takes no more tasks, and ends with the last one.");
  command->callback([options, &invocation] {
    invocation.run = [options]() -> Outcome {
      const Signals signals = StopOnSignals();
      return {Work(*options, {signals.stop, signals.notice})};
    };
  });
}

}  // namespace reel::cli
