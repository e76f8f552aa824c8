// `reel scale`: workers of this machine, as many as the queue needs.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddScale(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
