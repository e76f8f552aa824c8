#include "cli/job_options.h"

namespace reel::cli {

void AddRecipeOption(CLI::App& command, const std::string& description,
                     std::string& recipe) {
  command
      .add_option("--recipe", recipe,
                  description + " (default: " + recipe + ")")
      ->type_name("NAME|FILE");
}

void AddWorkersOption(CLI::App& command, int& workers) {
  command
      .add_option("--workers", workers,
                  "Worker processes (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
}

void AddPriorityOption(CLI::App& command, std::string& priority) {
  command
      .add_option("--priority", priority,
                  "now, normal or bulk (default: normal)")
      ->type_name("PRIORITY")
      ->check(CLI::IsMember({"now", "normal", "bulk"}));
}

void AddJsonFlag(CLI::App& command, bool& json) {
  command.add_flag("--json", json,
                   "End with one JSON object on standard output");
}

}  // namespace reel::cli
