#include "cli/gc.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "cli/fleet_options.h"
#include "cli/job_options.h"
#include "platform/job_board.h"
#include "platform/needs.h"
#include "platform/s3_upload_store.h"
#include "platform/sql_job_board.h"
#include "platform/stored_files.h"
#include "service/display.h"
#include "service/garbage.h"

namespace reel::cli {
namespace {

using base::Result;
using service::Garbage;

struct GcOptions {
  std::string store, jobs;
  double keep_hours = 7 * 24;
  double grace_hours = 24;
  bool dry_run = false;
  bool json = false;
};

std::chrono::milliseconds Hours(double hours) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double, std::ratio<3600>>(hours));
}

Result<Garbage> Collect(const GcOptions& options) {
  if (options.jobs.empty()) {
    return base::Fail(base::Code::kInvalidArgument,
                      "no database: give --jobs postgresql://user@host/"
                      "database, or set REEL_JOBS_URL");
  }
  REEL_ASSIGN(const auto files, platform::OpenStoredFiles(options.store));
  REEL_ASSIGN(const auto needs, platform::OpenNeeds(options.jobs));
  REEL_ASSIGN(const auto board, platform::OpenJobBoard(options.jobs));
  REEL_ASSIGN(const auto uploads,
              platform::OpenUploadStore(options.jobs, options.store));
  service::GarbageCollector collector(
      {*files, *needs, *board, uploads.get()},
      {.keep = Hours(options.keep_hours), .grace = Hours(options.grace_hours)});
  return collector.Collect(options.dry_run);
}

std::string Line(const char* what, const service::Swept& swept) {
  return fmt::format("{:<28} {:>10} {:>10}\n", what, swept.files,
                     service::DisplayBytes(swept.bytes));
}

Outcome RunGc(const GcOptions& options) {
  const auto garbage = Collect(options);
  if (!garbage) return {tl::unexpected(garbage.error())};
  if (!options.json) {
    fmt::print("{}{}{}", Line("artifacts", garbage->objects),
               Line("files of titles", garbage->titles),
               Line("uploaded sources", garbage->uploads));
    if (!options.dry_run)
      fmt::print("{:<28} {:>10}\n", "unfinished writes", garbage->unfinished);
  }
  return {{}, *garbage};
}

}  // namespace

void AddGc(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<GcOptions>();
  CLI::App* command =
      app.add_subcommand("gc", "Remove from a fleet's store what no job needs");
  AddStoreOption(*command, options->store);
  AddJobsOption(*command, options->jobs);
  command
      ->add_option("--keep", options->keep_hours,
                   "How long what a job made on the way, and a source that was "
                   "sent, stay after its end (default: 168)")
      ->type_name("HOURS")
      ->check(CLI::Range(0.0, 1e6));
  command
      ->add_option("--grace", options->grace_hours,
                   "How long what nobody names stays: it may be on its way "
                   "(default: 24)")
      ->type_name("HOURS")
      ->check(CLI::Range(0.0, 1e6));
  command->add_flag("--dry-run", options->dry_run,
                    "Say what would go, and remove nothing");
  AddJsonFlag(*command, options->json);
  command->footer(
      "Finished titles stay. It may run at any time, beside the fleet; once a "
      "day\nis enough.");
  command->callback([options, &invocation] {
    invocation.json = options->json;
    invocation.run = [options] { return RunGc(*options); };
  });
}

}  // namespace reel::cli
