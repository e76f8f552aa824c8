// reel estimate: what a title will take, before anything is done for it.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddEstimate(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
