// reel play: a page with a player on a finished title.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddPlay(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
