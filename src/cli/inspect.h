// reel inspect: every check of a source, nothing encoded.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddInspect(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
