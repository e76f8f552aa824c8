// reel gc: removes from a fleet's store what no job needs.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddGc(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
