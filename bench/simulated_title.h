// A title of a simulated fleet: the shape, sizes and costs of a real one's
// tasks, whose identities cost nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "workflow/fleet/work.h"
#include "workflow/task.h"

namespace reel::bench {

// A job's recipe, as JSON.
struct TitleShape {
  int64_t seed = 1;
  double hours = 2;
  int renditions = 120;
  bool parts = false;  // each rendition of a collated task is one by itself
};
void to_json(base::Json& json, const TitleShape& shape);
void from_json(const base::Json& json, TitleShape& shape);

// A task: what it waits for, and how long it takes on one core.
struct TitleTask {
  std::string id, kind, service;
  std::vector<int> after;  // stages that are complete before
  int stage = 0;
  double seconds = 0;
  int group = 0, first_chunk = 0, end_chunk = 0;  // of kind "encode_chunk"
};

// Everything that a title needs, in the order of its stages.
std::vector<TitleTask> TasksOf(const TitleShape& shape);
// What the graph wants for it.
workflow::TaskSpec SpecOf(const TitleShape& shape, const TitleTask& task);
// The shortest time in which any number of workers can make it, in seconds.
double CriticalPath(const std::vector<TitleTask>& tasks);
double Work(const std::vector<TitleTask>& tasks);

// Kinds that these tasks are of, for workers.
std::vector<workflow::AnyTaskKind> SimulatedKinds();
std::vector<std::string> SimulatedServices();

// Errors: kInvalidArgument (a recipe that is not of TitleShape).
base::Result<std::unique_ptr<workflow::fleet::Work>> MakeSimulatedWork(
    const platform::FleetJob& job);

}  // namespace reel::bench
