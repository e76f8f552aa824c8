// Options that commands which run a job share.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>

namespace reel::cli {

// --recipe; `description` says what it is for, without the default, which is
// what `recipe` holds.
void AddRecipeOption(CLI::App& command, const std::string& description,
                     std::string& recipe);
// --workers: processes, 0 for one per core.
void AddWorkersOption(CLI::App& command, int& workers);
// --priority
void AddPriorityOption(CLI::App& command, std::string& priority);
// --json
void AddJsonFlag(CLI::App& command, bool& json);

}  // namespace reel::cli
