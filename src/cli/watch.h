// reel watch: what appears in a directory or a bucket becomes a job.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddWatch(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
