// Hands in what became of attempts, for as long as it takes.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "platform/message_bus.h"
#include "platform/task_queue.h"
#include "workflow/fleet/messages.h"

namespace reel::workflow::fleet {

// On a thread of its own. A lease is acknowledged once its report is stored, so
// that one of the two always tells of the task.
class Reporter {
 public:
  // `done` is told of each task once both are done, on the reporter's thread.
  // The seams outlive this.
  Reporter(platform::TaskQueue& queue, platform::MessageBus& bus,
           std::function<void(const std::string& task_id)> done);
  // What has not been handed in is lost: the tasks run again.
  ~Reporter();

  void Put(const AttemptReport& report, const platform::Lease& lease);
  // What has not been handed in.
  std::vector<RunningTask> Pending();
  // Waits until all is handed in, or `stop` is requested.
  void Finish(const std::stop_token& stop);

 private:
  struct Item {
    AttemptReport report;
    platform::Lease lease;
  };
  void Run(const std::stop_token& stop);
  bool HandIn(const Item& item);

  platform::TaskQueue& queue_;
  platform::MessageBus& bus_;
  std::function<void(const std::string&)> done_;
  std::mutex mu_;  // items_
  std::condition_variable_any news_;
  std::deque<Item> items_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace reel::workflow::fleet
