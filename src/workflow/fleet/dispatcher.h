// From the ledger to the queue: what is published, in which order, how much.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "platform/clock.h"
#include "platform/task_ledger.h"
#include "platform/task_queue.h"
#include "workflow/fleet/fleet_view.h"

namespace reel::workflow::fleet {

// How many tasks of a group may wait in the queue: enough that no worker waits
// for the next round, and few, since what is published later cannot overtake
// them. Pure.
//   slots  tasks at a time that the fleet can run of that service
int64_t AheadOf(int slots);

// One of all orchestrators publishes. One thread.
class Dispatcher {
 public:
  struct Options {
    std::string name;  // of this orchestrator
    std::chrono::milliseconds role_lease = std::chrono::seconds(5);
    // What is published and neither begun nor in the queue for so long has been
    // lost by the queue.
    std::chrono::milliseconds lost_after = std::chrono::seconds(30);
  };
  // All outlive this. `published` is told of each task how long it was ready.
  Dispatcher(platform::TaskLedger& ledger, platform::TaskQueue& queue,
             const FleetView& view, platform::ClockMs clock, Options options,
             std::function<void(std::chrono::milliseconds)> published);

  // One round. Whether there was something to publish.
  // Errors: those of the stores, after which it may be called again.
  base::Result<bool> Round();

 private:
  base::Result<bool> HasRole();
  base::Status LookAtQueue();
  base::Result<bool> PublishGroup(const platform::TaskGroup& group);
  base::Status PublishLost();

  platform::TaskLedger& ledger_;
  platform::TaskQueue& queue_;
  const FleetView& view_;
  platform::ClockMs clock_;
  Options options_;
  std::function<void(std::chrono::milliseconds)> published_;
  bool has_role_ = false;
  int64_t asked_ms_ = 0, compared_ms_ = 0, looked_ms_ = 0;
  // As the queue last told, with what was published since.
  std::map<platform::TaskGroup, platform::QueueDepth> depths_;
};

}  // namespace reel::workflow::fleet
