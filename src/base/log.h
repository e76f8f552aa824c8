// Logging: to standard error, through spdlog. Standard output belongs to
// results alone.
#pragma once

#include <string>

namespace reel::base {

enum class LogLevel { kQuiet, kInfo, kDebug };

// Sets up the process's logger; call once, first thing in main. `name` stands
// before each line, e.g. "reel" or "worker 3".
void StartLogging(LogLevel level, const std::string& name);

}  // namespace reel::base
