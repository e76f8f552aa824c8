// Options of the commands that are part of a fleet (docs/fleet.md), and what
// they open with them.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "platform/message_bus.h"
#include "platform/task_queue.h"

namespace reel::cli {

// --queue, --store, --jobs, --api: each also from its variable. A password is
// taken from there alone.
void AddQueueOption(CLI::App& command, std::string& url);
void AddStoreOption(CLI::App& command, std::string& url);
void AddJobsOption(CLI::App& command, std::string& url);
void AddApiOption(CLI::App& command, std::string& url);

// The name of this process among those of the fleet: host, number, and chance.
std::string FleetName(const std::string& role);
std::string HostName();

struct FleetQueue {
  std::unique_ptr<platform::TaskQueue> queue;
  std::unique_ptr<platform::MessageBus> bus;
};
// Both over one connection.
//   services  of which the queue is to show that it has no tasks
// Errors: kInvalidArgument (the URL, not let in), kUnavailable.
base::Result<FleetQueue> OpenFleetQueue(
    const std::string& url, std::span<const std::string> services = {});

}  // namespace reel::cli
