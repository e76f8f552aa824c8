// reel ladder: the ladder that a title would get, before anything is encoded.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddLadder(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
