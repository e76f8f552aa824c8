// The NATS server that tests run against: tests/servers/nats_server.py.
#pragma once

#include <optional>
#include <string>

#include "base/digest.h"
#include "platform/nats_connection.h"
#include "testing/test_server.h"

namespace reel::testing {

inline constexpr char kNoNats[] =
    "no NATS server: ./run test installs one and starts it";

// Of names of that key's own, e.g. a temporary directory's. Nullopt if no
// server runs.
inline std::optional<platform::NatsOptions> TestNats(const std::string& key) {
  const auto json = ServerFile("nats_server/nats.json");
  if (!json) return std::nullopt;
  platform::NatsOptions options;
  options.url = json->at("url");
  options.name = "test_" + base::Sha256(key).substr(0, 16);
  return options;
}

}  // namespace reel::testing
