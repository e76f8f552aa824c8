#include "base/log.h"
#include "cli/command_line.h"
#include "workflow/tasks/registry.h"
#include "workflow/worker_process.h"

int main(int argc, char** argv) {
  using namespace reel;  // NOLINT(google-build-using-namespace)
  if (const auto code = workflow::RunIfWorkerProcess(
          argc, argv, workflow::tasks::AllTasks())) {
    return *code;
  }
  base::StartLogging(base::LogLevel::kInfo, "reel");
  return cli::RunCommandLine(argc, argv);
}
