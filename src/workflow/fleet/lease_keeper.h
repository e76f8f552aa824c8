// Keeps a worker's leases, and tells that it lives.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "platform/message_bus.h"
#include "platform/task_queue.h"
#include "workflow/fleet/messages.h"

namespace reel::workflow::fleet {

// On a thread of its own, so that a server that is away holds up nobody. Safe
// from several threads.
class LeaseKeeper {
 public:
  struct Options {
    std::chrono::milliseconds lease = std::chrono::seconds(30);
    std::chrono::milliseconds beat_every = std::chrono::seconds(2);
  };
  // `beat` says what to tell; both seams outlive this.
  LeaseKeeper(platform::TaskQueue& queue, platform::MessageBus& bus,
              Options options, std::function<Beat()> beat);
  // Tells that the worker has ended: a beat without slots.
  ~LeaseKeeper();

  void Keep(const platform::Lease& lease);
  void Drop(const std::string& task_id);
  // Tells at once.
  void BeatNow();

 private:
  void Run(const std::stop_token& stop);
  void Extend();
  void Tell(const Beat& beat);

  platform::TaskQueue& queue_;
  platform::MessageBus& bus_;
  const Options options_;
  std::function<Beat()> beat_;
  std::mutex mu_;  // leases_, is_due_
  std::condition_variable_any news_;
  std::map<std::string, platform::Lease> leases_;  // by task
  bool is_due_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace reel::workflow::fleet
