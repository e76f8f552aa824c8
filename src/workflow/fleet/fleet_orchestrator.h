// One of any number of orchestrators of a fleet: leads jobs, publishes tasks,
// answers and records, watches.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/message_bus.h"
#include "platform/object_store.h"
#include "platform/task_queue.h"
#include "workflow/fleet/dispatcher.h"
#include "workflow/fleet/fleet_metrics.h"
#include "workflow/fleet/fleet_view.h"
#include "workflow/fleet/planner.h"
#include "workflow/fleet/watch.h"
#include "workflow/fleet/work.h"

namespace reel::workflow::fleet {

struct FleetOptions {
  std::string name;      // of no other living orchestrator
  std::string jobs_url;  // of the tables: "postgresql://…", or an SQLite file
  Planner::Options planner = {};
  Dispatcher::Options dispatcher = {};
  Watch::Options watch = {};
};

// What it does, it does on threads of its own until it is destroyed; every one
// goes on after an error, when what it needs is back.
class FleetOrchestrator {
 public:
  struct Seams {
    platform::TaskQueue& queue;
    platform::MessageBus& bus;
    std::unique_ptr<platform::ObjectStore> objects;
  };
  // What the seams refer to outlives this.
  // Errors: those of opening the tables and of the bus.
  static base::Result<std::unique_ptr<FleetOrchestrator>> Open(
      const FleetOptions& options, Seams seams, MakeWork make_work);
  // Gives up its leads and ends.
  virtual ~FleetOrchestrator() = default;

  virtual const FleetView& view() const = 0;
  // All but the program's version and what only those know who publish titles.
  // Errors: those of the queue and the tables.
  virtual base::Result<FleetMetrics> Metrics() = 0;
};

}  // namespace reel::workflow::fleet
