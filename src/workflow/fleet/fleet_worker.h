// A machine's worker: pulls tasks, asks whether it may begin, runs each in a
// place of its own, reports. Keeps nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/message_bus.h"
#include "platform/task_queue.h"
#include "workflow/fleet/lease_keeper.h"
#include "workflow/fleet/reporter.h"
#include "workflow/fleet/task_runner.h"
#include "workflow/task.h"

namespace reel::workflow::fleet {

struct FleetWorkerOptions {
  std::string name;  // of no other living worker
  std::string host;
  std::string version;                // of the program
  std::vector<std::string> services;  // whose tasks it takes
  int slots = 1;                      // tasks at a time
  int reserved = 0;  // of the slots, those that only take what is `now`
  std::chrono::milliseconds lease = std::chrono::seconds(30);
  std::chrono::milliseconds beat_every = std::chrono::seconds(2);
  // How long tasks may go on after a stop, and after a notice that the machine
  // goes away.
  std::chrono::milliseconds grace = std::chrono::minutes(10);
  std::chrono::milliseconds notice_grace = std::chrono::seconds(90);
};

// What ends a worker. `stop`: no more tasks; those that run may end within the
// grace. `notice`: the same within the notice's grace, and what will not end by
// then is handed back at once.
struct WorkerEnd {
  std::stop_token stop, notice;
};

// One thread, beside those of keeper and reporter. Task processes die with the
// thread that runs this.
class FleetWorker {
 public:
  // All outlive this.
  FleetWorker(platform::TaskQueue& queue, platform::MessageBus& bus,
              const TaskRegistry& registry, const MakeRunner& make_runner,
              FleetWorkerOptions options);
  ~FleetWorker();

  // Works until it is told to end, and has drained. Servers that are away are
  // waited for.
  // Errors: those of listening to the bus at the beginning.
  base::Status Run(const WorkerEnd& end);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Slot {
    std::unique_ptr<TaskRunner> runner;
    // Of the attempt that runs:
    std::optional<StartedTask> task;
    platform::Lease lease = {};
    Time began = {};
  };

  int Free() const;
  int FreeFor(int least_priority) const;
  bool IsBusy() const { return Free() < static_cast<int>(slots_.size()); }
  // How many tasks began.
  base::Result<int> PullTasks();
  base::Result<std::vector<platform::Lease>> Pull();
  // Whether this program knows what the task asks for.
  bool Takes(const platform::Lease& lease);
  base::Result<int> Start(const std::vector<platform::Lease>& leases);
  void Begin(const StartedTask& task, const platform::Lease& lease);
  void HandBack(const platform::Lease& lease, std::chrono::milliseconds delay);
  void CollectEnded();
  void End(Slot& slot, AttemptReport report);
  void Release(Slot& slot);
  void ReleaseOrdered();
  void ReleaseLate(const WorkerEnd& end);
  bool WillBeLate(const Slot& slot, Time deadline) const;
  void WaitForNews(std::chrono::milliseconds longest);
  Beat MakeBeat();
  std::chrono::milliseconds Jitter(std::chrono::milliseconds delay);

  platform::TaskQueue& queue_;
  platform::MessageBus& bus_;
  const TaskRegistry& registry_;
  const FleetWorkerOptions options_;
  std::vector<Slot> slots_;
  std::set<std::string> unknown_;  // kinds that were logged
  std::minstd_rand random_{std::random_device{}()};
  std::optional<Time> drains_since_, noticed_at_;
  int wake_ = -1;  // a descriptor that is readable when there is news

  std::mutex mu_;                  // beat_, ordered_
  Beat beat_;                      // as of the last round
  std::set<std::string> ordered_;  // tasks to stop
  // Last: their threads use those above.
  std::unique_ptr<platform::MessageBus::Subscription> listening_;
  std::unique_ptr<Reporter> reporter_;
  std::unique_ptr<LeaseKeeper> keeper_;
};

}  // namespace reel::workflow::fleet
