// Worker processes of one machine: started, told to end, replaced.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/subprocess.h"

namespace reel::cli {

// Kills all that still run when it is destroyed. One thread.
class LocalWorkers {
 public:
  using Clock = std::chrono::steady_clock;

  //   command  program and arguments of a worker
  //   grace    how long one that was told to end may take
  LocalWorkers(std::vector<std::string> command,
               std::chrono::milliseconds grace)
      : command_(std::move(command)), grace_(grace) {}

  // That run, but for those that have been told to end.
  int running() const { return static_cast<int>(running_.size()); }
  int stopping() const { return static_cast<int>(stopping_.size()); }

  // Starts workers, or tells those that were started last to end, until so
  // many run. Errors: those of base::Subprocess::Start.
  base::Status Keep(int count);
  // Kills those whose grace is over. How long each worker had lived that has
  // ended since the last call although nobody had told it to.
  std::vector<std::chrono::milliseconds> Look();

 private:
  struct Worker {
    base::Subprocess process;
    Clock::time_point started;
    Clock::time_point kill_at = Clock::time_point::max();
  };

  std::vector<std::string> command_;
  std::chrono::milliseconds grace_;
  std::vector<Worker> running_;  // in the order of their starts
  std::vector<Worker> stopping_;
};

}  // namespace reel::cli
