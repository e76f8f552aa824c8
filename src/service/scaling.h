// How many workers a machine should run, by what waits in the queue: more of
// them within seconds, fewer one at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "platform/task_queue.h"

namespace reel::service {

// Workers have one slot each.
struct ScalingPolicy {
  int min_workers = 1;
  int max_workers = 1;
  // Tasks may be ready for that long although there are workers.
  std::chrono::milliseconds target_age = std::chrono::seconds(5);
  // A worker may have nothing to do for that long.
  std::chrono::milliseconds idle = std::chrono::seconds(60);
};

// Times are of a clock that only grows.
struct ScalingSample {
  std::chrono::milliseconds now{0};
  std::optional<platform::QueueDepth> depth;  // none: the queue is silent
  int workers = 0;                            // that run, but for those that
  int stopping = 0;                           // have been told to end
};

// What is remembered from sample to sample.
struct ScalingState {
  std::optional<std::chrono::milliseconds> waiting_since;
  std::optional<std::chrono::milliseconds> idle_since;
  int64_t busiest = 0;  // most tasks held since idle_since
  int crashes = 0;      // in a row
  std::chrono::milliseconds start_after{0};
};

// How many workers there should be now. At most one less than there are. Pure.
//
// - More tasks ready than workers: a worker for each of them, at once.
// - Fewer, but some are ready for longer than target_age: so many more workers.
// - None is ready, and never as many are held as there are workers, for `idle`:
//   one worker less; and so on down to the busiest moment of that time. Tasks
//   that other machines hold count as well: it is safe to have too many.
// - The queue is silent: as many as there are.
int WantedWorkers(const ScalingPolicy& policy, const ScalingSample& sample,
                  ScalingState& state);

// A worker has ended that nobody had told to, after it had lived for so long:
// none is started for some time, twice as long with each that ended young.
//   name  of this machine's own, so that not all start together. Pure.
void NoteCrash(const std::string& name, std::chrono::milliseconds now,
               std::chrono::milliseconds lived, ScalingState& state);

}  // namespace reel::service
