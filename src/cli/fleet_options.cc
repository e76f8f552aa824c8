#include "cli/fleet_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <random>

#include "platform/nats_bus.h"
#include "platform/nats_queue.h"
#include "platform/open_stores.h"

namespace reel::cli {
namespace {

void AddUrlOption(CLI::App& command, const std::string& name,
                  const std::string& variable, const std::string& description,
                  std::string& url) {
  // What the variable holds, nobody else reads: only what is typed is checked.
  command.add_option(name, url, description + " (or " + variable + ")")
      ->type_name("URL")
      ->check(
          [variable](const std::string& text) -> std::string {
            const auto fine = platform::CheckNoPassword(text, variable);
            return fine ? "" : fine.error().message;
          },
          "")
      ->default_str("");
  if (const char* value = std::getenv(variable.c_str())) url = value;
}

}  // namespace

void AddQueueOption(CLI::App& command, std::string& url) {
  AddUrlOption(command, "--queue", "REEL_QUEUE_URL",
               "The queue: nats://host:4222", url);
}

void AddStoreOption(CLI::App& command, std::string& url) {
  AddUrlOption(command, "--store", "REEL_STORE_URL",
               "The store: s3://bucket/prefix, or file:///directory", url);
}

void AddJobsOption(CLI::App& command, std::string& url) {
  AddUrlOption(command, "--jobs", "REEL_JOBS_URL",
               "The database: postgresql://user@host/database", url);
}

void AddApiOption(CLI::App& command, std::string& url) {
  AddUrlOption(command, "--api", "REEL_API_URL",
               "The service: https://host:8080", url);
}

std::string HostName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

std::string FleetName(const std::string& role) {
  std::random_device random;
  return fmt::format("{}-{}-{}-{:08x}", role, HostName(), ::getpid(), random());
}

base::Result<FleetQueue> OpenFleetQueue(const std::string& url,
                                        std::span<const std::string> services) {
  if (url.empty()) {
    return base::Fail(base::Code::kInvalidArgument,
                      "no queue: give --queue nats://host:4222, or set "
                      "REEL_QUEUE_URL");
  }
  platform::NatsOptions options =
      platform::NatsOptionsFromEnvironment(std::getenv);
  options.url = url;
  REEL_ASSIGN(const auto connection, platform::NatsConnection::Open(options));
  FleetQueue fleet;
  REEL_ASSIGN(fleet.queue, platform::OpenNatsQueue(
                               connection, std::chrono::seconds(30), services));
  REEL_ASSIGN(fleet.bus, platform::OpenNatsBus(connection));
  return fleet;
}

}  // namespace reel::cli
