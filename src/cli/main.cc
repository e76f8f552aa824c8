#include <filesystem>
#include <system_error>

#include "base/log.h"
#include "cli/command_line.h"
#include "platform/open_stores.h"
#include "platform/source_opener.h"
#include "workflow/fleet/task_process.h"
#include "workflow/tasks/registry.h"
#include "workflow/worker_process.h"

int main(int argc, char** argv) {
  using namespace reel;  // NOLINT(google-build-using-namespace)
  if (const auto code = workflow::RunIfWorkerProcess(
          argc, argv, workflow::tasks::AllTasks())) {
    return *code;
  }
  const auto open_objects = [](const std::string& store,
                               const std::string& directory,
                               int64_t cache_bytes) {
    return platform::OpenObjectStore(store, directory, cache_bytes);
  };
  const auto open_sources = [](const std::string& scratch) {
    const bool any =
        !platform::ProcessEnvironment("REEL_PRIVATE_SOURCES").empty();
    platform::OpenRemoteSources(
        {.cache_directory = scratch, .public_only = !any});
  };
  if (const auto code = workflow::fleet::RunIfTaskProcess(
          argc, argv, workflow::tasks::AllTasks(), open_objects,
          open_sources)) {
    return *code;
  }
  base::StartLogging(base::LogLevel::kInfo, "reel");
  std::error_code ignored;  // without such a place no remote source is opened
  platform::OpenRemoteSources(
      {.cache_directory =
           std::filesystem::temp_directory_path(ignored).string()});
  return cli::RunCommandLine(argc, argv);
}
