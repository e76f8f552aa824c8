#include "service/scaling.h"

#include <algorithm>

#include "workflow/retry.h"

namespace reel::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// A worker that has lived for so long was no victim of its start.
constexpr milliseconds kGrownUp = minutes(1);
constexpr workflow::RetryPolicy kRestart{.first_delay = seconds(1),
                                         .max_delay = minutes(1)};

int64_t WithMoreWorkers(const ScalingPolicy& policy,
                        const ScalingSample& sample, ScalingState& state) {
  const int64_t ready = sample.depth->ready;
  if (ready == 0) {
    state.waiting_since.reset();
    return sample.workers;
  }
  if (!state.waiting_since) state.waiting_since = sample.now;
  const bool too_long = sample.now - *state.waiting_since >= policy.target_age;
  if (!too_long) return std::max<int64_t>(sample.workers, ready);
  // Those that are started now get the same time to take what waits.
  state.waiting_since = sample.now;
  return sample.workers + ready;
}

bool HasOneTooMany(const ScalingPolicy& policy, const ScalingSample& sample,
                   ScalingState& state) {
  const platform::QueueDepth& depth = *sample.depth;
  if (depth.ready > 0 || depth.held >= sample.workers) {
    state.idle_since.reset();
    return false;
  }
  if (!state.idle_since) {
    state.idle_since = sample.now;
    state.busiest = 0;
  }
  state.busiest = std::max(state.busiest, depth.held);
  return sample.now - *state.idle_since >= policy.idle && sample.stopping == 0;
}

}  // namespace

int WantedWorkers(const ScalingPolicy& policy, const ScalingSample& sample,
                  ScalingState& state) {
  int64_t wanted = sample.workers;
  if (!sample.depth) {
    state.waiting_since.reset();
    state.idle_since.reset();
  } else if (HasOneTooMany(policy, sample, state)) {
    --wanted;
    // The next one is too many as well, or only after another such time.
    if (state.busiest >= wanted) state.idle_since.reset();
  } else {
    wanted = WithMoreWorkers(policy, sample, state);
  }
  wanted = std::clamp<int64_t>(wanted, policy.min_workers, policy.max_workers);
  if (sample.now < state.start_after)
    wanted = std::min<int64_t>(wanted, sample.workers);
  return static_cast<int>(wanted);
}

void NoteCrash(const std::string& name, milliseconds now, milliseconds lived,
               ScalingState& state) {
  state.crashes = lived >= kGrownUp ? 1 : state.crashes + 1;
  state.start_after = now + workflow::BackOff(name, kRestart, state.crashes);
}

}  // namespace reel::service
