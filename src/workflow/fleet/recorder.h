// From workers' reports to the ledger.
#pragma once

#include <functional>
#include <stop_token>
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
  // All outlive this. `recorded` is told what came of them, on this thread.
  Recorder(platform::MessageBus& bus, platform::TaskLedger& ledger,
           platform::JobStore& jobs,
           std::function<void(const platform::Recorded&)> recorded);

  // Records what there is, up to some hundred reports in one transaction;
  // waits a little for the first.
  // Errors: those of the bus and the ledger. What was taken is given out again.
  base::Status Round();

 private:
  platform::EndedAttempt EndOf(const AttemptReport& report);
  base::Status StopOthers(const std::vector<std::string>& task_ids);

  platform::MessageBus& bus_;
  platform::TaskLedger& ledger_;
  platform::JobStore& jobs_;
  std::function<void(const platform::Recorded&)> recorded_;
};

}  // namespace reel::workflow::fleet
