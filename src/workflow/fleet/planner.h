// The jobs that this orchestrator leads.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "platform/clock.h"
#include "platform/message_bus.h"
#include "workflow/fleet/job_runner.h"

namespace reel::workflow::fleet {

// One thread.
class Planner {
 public:
  struct Options {
    std::string name;      // of this orchestrator
    int jobs_at_once = 8;  // of each priority
    std::chrono::milliseconds lease = std::chrono::seconds(15);
  };
  // All outlive this.
  Planner(JobRunner::Stores stores, platform::MessageBus& bus,
          MakeWork make_work, Options options);

  // One round: which jobs are ours, what has become of their tasks, what they
  // want next.
  // Errors: those of the stores, after which it may be called again.
  base::Status Round();
  // Others may take the jobs over at once.
  void Resign();

 private:
  base::Status RenewLead();
  base::Status Begin(const platform::LedJob& led);
  void Abandon(const JobRunner& runner);

  JobRunner::Stores stores_;
  platform::MessageBus& bus_;
  MakeWork make_work_;
  Options options_;
  std::map<std::string, std::unique_ptr<JobRunner>> runners_;  // by job
  std::chrono::steady_clock::time_point led_at_{};
  int64_t change_ = -1;  // the last one seen; -1: none yet
};

}  // namespace reel::workflow::fleet
