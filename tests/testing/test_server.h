// What a server that runs for the tests leaves for them: tests/servers.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "base/file.h"
#include "base/json.h"

namespace reel::testing {

// The JSON in that file, e.g. "s3_server/s3.json"; nullopt: no server runs.
inline std::optional<base::Json> ServerFile(const std::string& name) {
  const char* servers = std::getenv("REEL_TEST_SERVERS");
  if (servers == nullptr) return std::nullopt;
  const auto text = base::ReadTextFile(servers + ("/" + name));
  if (!text) return std::nullopt;
  return base::ParseJson(*text).value();
}

}  // namespace reel::testing
