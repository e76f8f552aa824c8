#include <filesystem>
#include <system_error>

#include "base/log.h"
#include "cli/command_line.h"
#include "platform/source_opener.h"
#include "workflow/tasks/registry.h"
#include "workflow/worker_process.h"

int main(int argc, char** argv) {
  using namespace reel;  // NOLINT(google-build-using-namespace)
  if (const auto code = workflow::RunIfWorkerProcess(
          argc, argv, workflow::tasks::AllTasks())) {
    return *code;
  }
  base::StartLogging(base::LogLevel::kInfo, "reel");
  std::error_code ignored;  // without such a place no remote source is opened
  platform::OpenRemoteSources(
      {.cache_directory =
           std::filesystem::temp_directory_path(ignored).string()});
  return cli::RunCommandLine(argc, argv);
}
