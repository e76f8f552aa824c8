// The command line: which command was typed, run, and reported.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "cli/command.h"

namespace reel::cli {

// Every command with its options. `invocation` outlives the result.
std::unique_ptr<CLI::App> MakeApp(Invocation& invocation);

// Parses, runs, prints; the process's exit code. Errors are one line on
// standard error, and with --json also the last line of standard output.
int RunCommandLine(int argc, const char* const* argv);

}  // namespace reel::cli
