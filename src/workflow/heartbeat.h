// The second thread of a worker: keeps a task's lease while it runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace reel::workflow {

// Calls `beat` every `interval` until destroyed, and `expire` once if that
// takes longer than `timeout`.
class Heartbeat {
 public:
  Heartbeat(std::chrono::milliseconds interval,
            std::chrono::milliseconds timeout, std::function<void()> beat,
            std::function<void()> expire);

 private:
  void Run(const std::stop_token& stop, std::chrono::milliseconds interval,
           std::chrono::milliseconds timeout);

  std::function<void()> beat_;
  std::function<void()> expire_;
  std::mutex mu_;  // only for waiting
  std::condition_variable_any stopped_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace reel::workflow
