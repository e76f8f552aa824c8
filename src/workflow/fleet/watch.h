// Watches over attempts: those whose worker has vanished, those that take too
// long.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "platform/clock.h"
#include "platform/task_ledger.h"
#include "platform/task_queue.h"
#include "workflow/fleet/fleet_view.h"

namespace reel::workflow::fleet {

// How long tasks take, compared to what was estimated. Safe from several
// threads.
class TaskTimes {
 public:
  void Note(const std::string& kind, double cost_seconds, double wall_seconds);
  // What to expect of a task; nullopt before enough of its kind were seen.
  std::optional<double> ExpectedSeconds(const std::string& kind,
                                        double cost_seconds) const;

 private:
  struct Ratio {
    double mean = 0;  // of wall to cost, the last ones count most
    int64_t seen = 0;
  };
  mutable std::mutex mu_;  // ratios_
  std::map<std::string, Ratio> ratios_;
};

// What follows an attempt that did not make it: AfterFailedAttempt with the
// retry policy of its spec.
platform::Judgement JudgeBySpec(const platform::EndedAttempt& ended,
                                const std::string& spec, int failures);

// One of all orchestrators watches. One thread.
class Watch {
 public:
  struct Options {
    std::string name;  // of this orchestrator
    std::chrono::milliseconds role_lease = std::chrono::seconds(10);
    // An attempt of which nothing was heard for so long is lost.
    std::chrono::milliseconds lost_after = std::chrono::seconds(15);
    // A second copy starts at this many times the expected time, and not
    // before some seconds.
    double straggler_factor = 3;
    std::chrono::milliseconds least_straggle = std::chrono::seconds(20);
  };
  // All outlive this.
  Watch(platform::TaskLedger& ledger, platform::TaskQueue& queue,
        const FleetView& view, const TaskTimes& times, platform::ClockMs clock,
        Options options);

  struct Seen {
    int lost = 0;
    int copied = 0;
  };
  // One round. Errors: those of the stores, after which it may be called again.
  base::Result<Seen> Round();

 private:
  base::Status EndLost(const std::vector<platform::RunningAttempt>& lost);
  base::Status Copy(const std::vector<platform::RunningAttempt>& slow);
  bool IsLost(const platform::RunningAttempt& attempt) const;
  bool IsSlow(const platform::RunningAttempt& attempt) const;

  platform::TaskLedger& ledger_;
  platform::TaskQueue& queue_;
  const FleetView& view_;
  const TaskTimes& times_;
  platform::ClockMs clock_;
  Options options_;
};

}  // namespace reel::workflow::fleet
