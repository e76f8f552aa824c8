// reel worker
#pragma once

#include <CLI/App.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddWorker(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
