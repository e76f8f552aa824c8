// From workers' reports to the ledger.
#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/job_store.h"
#include "platform/message_bus.h"
#include "platform/task_ledger.h"
#include "workflow/fleet/messages.h"

namespace reel::workflow::fleet {

// Any number of orchestrators record; each report goes to one of them, and to
// another one should that die. One thread.
class Recorder {
 public:
  // What came of reports, and what they say that was moved.
  struct Told {
    platform::Recorded recorded;
    int64_t read_bytes = 0, written_bytes = 0;
    std::map<std::string, int64_t> errors;  // of failed attempts, by code
  };
  // All outlive this. `told` is called on this thread.
  Recorder(platform::MessageBus& bus, platform::TaskLedger& ledger,
           platform::JobStore& jobs, std::function<void(const Told&)> told);

  // Records what there is, up to some hundred reports in one transaction;
  // waits a little for the first.
  // Errors: those of the bus and the ledger. What was taken is given out again.
  base::Status Round();

 private:
  platform::EndedAttempt EndOf(const AttemptReport& report);
  static void Count(const AttemptReport& report, Told& told);
  base::Status StopOthers(const std::vector<std::string>& task_ids);

  platform::MessageBus& bus_;
  platform::TaskLedger& ledger_;
  platform::JobStore& jobs_;
  std::function<void(const Told&)> told_;
};

}  // namespace reel::workflow::fleet
