// The S3 server that tests run against: tests/servers/s3_server.py.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>

#include "platform/s3_client.h"
#include "testing/test_server.h"

namespace reel::testing {

// Without a bucket; nullopt if no server runs.
inline std::optional<platform::S3Options> TestS3() {
  const auto json = ServerFile("s3_server/s3.json");
  if (!json) return std::nullopt;
  platform::S3Options options;
  options.endpoint = json->at("endpoint");
  options.scope.credentials = {.access_key = json->at("access_key"),
                               .secret_key = json->at("secret_key"),
                               .session_token = ""};
  return options;
}

inline constexpr char kNoS3[] =
    "no S3 server: ./run test installs one and starts it";

// A name that no other test has.
inline std::string UniqueName(const std::string& prefix) {
  std::random_device random;
  return prefix + "-" + std::to_string(random()) + std::to_string(random());
}

}  // namespace reel::testing
