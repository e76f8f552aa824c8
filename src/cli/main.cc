#include "base/log.h"
#include "cli/command_line.h"

int main(int argc, char** argv) {
  reel::base::StartLogging(reel::base::LogLevel::kInfo, "reel");
  return reel::cli::RunCommandLine(argc, argv);
}
