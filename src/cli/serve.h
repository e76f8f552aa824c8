// reel serve
#pragma once

#include <CLI/App.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddServe(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
