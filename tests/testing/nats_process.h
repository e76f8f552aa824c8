// A NATS server of a test's own, which can be killed.
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "base/subprocess.h"
#include "platform/nats_connection.h"
#include "testing/tcp_proxy.h"

namespace reel::testing {

class NatsProcess {
 public:
  //   more  of its configuration
  explicit NatsProcess(const std::string& directory,
                       const std::string& more = "") {
    port_ = FreePort();
    config_ = directory + "/nats.conf";
    std::ofstream(config_) << fmt::format(
        "listen: 127.0.0.1:{}\njetstream {{ store_dir: \"{}/data\" }}\n{}\n",
        port_, directory, more);
  }
  static std::optional<std::string> Program() {
    std::istringstream path(std::getenv("PATH"));
    for (std::string folder; std::getline(path, folder, ':');) {
      if (std::filesystem::exists(folder + "/nats-server"))
        return folder + "/nats-server";
    }
    return std::nullopt;
  }
  void Start() {
    process_ =
        base::Subprocess::Start({.arguments = {*Program(), "-c", config_},
                                 .error_path = "/dev/null"})
            .value();
  }
  void Kill() {
    process_->Kill();
    process_->Wait();
    process_.reset();
  }
  platform::NatsOptions options() const {
    platform::NatsOptions options;
    options.url = fmt::format("nats://127.0.0.1:{}", port_);
    return options;
  }

 private:
  int port_ = 0;
  std::string config_;
  std::optional<base::Subprocess> process_;
};

}  // namespace reel::testing
