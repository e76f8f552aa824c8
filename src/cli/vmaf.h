// reel vmaf: how good is a video, against its source?
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cli/command.h"

namespace reel::cli {

void AddVmaf(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
