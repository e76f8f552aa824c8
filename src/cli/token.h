// reel token: who may use the service's API. Works on the database itself, so
// that the first token can be made.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddToken(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
