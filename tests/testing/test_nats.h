// The NATS server that tests run against: tests/servers/nats_server.py.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "platform/nats_queue.h"

namespace reel::testing {

inline constexpr char kNoNats[] =
    "no NATS server: ./run test installs one and starts it";

// Of names of that key's own, e.g. a temporary directory's. Nullopt if no
// server runs.
inline std::optional<platform::NatsOptions> TestNats(const std::string& key) {
  const char* servers = std::getenv("REEL_TEST_SERVERS");
  if (servers == nullptr) return std::nullopt;
  const auto text =
      base::ReadTextFile(servers + std::string("/nats_server/nats.json"));
  if (!text) return std::nullopt;
  platform::NatsOptions options;
  options.url = base::ParseJson(*text).value().at("url");
  options.name = "test_" + base::Sha256(key).substr(0, 16);
  return options;
}

}  // namespace reel::testing
