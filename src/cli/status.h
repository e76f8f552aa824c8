// reel status, cancel, retry: the jobs of the service.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddStatus(CLI::App& app, Invocation& invocation);
void AddCancel(CLI::App& app, Invocation& invocation);
void AddRetry(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
