// reel encode: one title, here, now.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>

#include "cli/command.h"
#include "cli/source_argument.h"

namespace reel::cli {

struct EncodeOptions {
  SourceArgument source;
  std::string directory;           // of the finished title; empty: SRC's name
  std::string recipe = "default";  // name of a built-in recipe, or a TOML file
  int workers = 0;                 // processes; 0: one per core
  std::string state;               // empty: DIRECTORY/.reel
  bool json = false;
};

Outcome RunEncode(const EncodeOptions& options);

void AddEncode(CLI::App& app, Invocation& invocation);

}  // namespace reel::cli
