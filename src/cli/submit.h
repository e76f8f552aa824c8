// reel submit: a title for the service to encode.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <string>

#include "cli/api_client.h"
#include "cli/command.h"
#include "cli/upload.h"

namespace reel::cli {

struct SubmitOptions {
  std::string source;  // a URL, or a file that is sent
  std::string recipe = "default";
  std::string title;
  std::string priority = "normal";
  std::string deadline;  // RFC 3339, or "+2h"
  std::string webhook;
  bool wait = false;
  bool json = false;
  ApiAddress api;
};

// The job of a source: a new one, or the one that was made with this key.
//   key   of idempotency: 1 .. 200 characters of ASCII
//   told  while a file is sent
base::Result<base::Json> SubmitSource(ApiClient& client,
                                      const SubmitOptions& options,
                                      const std::string& key,
                                      const UploadProgress& told);

Outcome RunSubmit(const SubmitOptions& options);

void AddSubmit(CLI::App& app, Invocation& invocation);

// "2026-11-23T12:00:00.000Z" of "+2h" (or m, d) at `now`; anything else stays
// as it is, for the service to judge. Pure.
std::string AbsoluteDeadline(const std::string& deadline,
                             std::chrono::system_clock::time_point now);

}  // namespace reel::cli
