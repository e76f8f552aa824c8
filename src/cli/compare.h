// reel compare: two recipes over one or many sources, by BD-rate.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddCompare(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
