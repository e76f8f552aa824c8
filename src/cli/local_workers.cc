#include "cli/local_workers.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace reel::cli {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

base::Status LocalWorkers::Keep(int count) {
  while (running() < count) {
    REEL_ASSIGN(auto process, base::Subprocess::Start({.arguments = command_}));
    running_.push_back({std::move(process), Clock::now()});
  }
  while (running() > count) {
    Worker worker = std::move(running_.back());
    running_.pop_back();
    worker.process.Terminate();
    worker.kill_at = Clock::now() + grace_;
    stopping_.push_back(std::move(worker));
  }
  return {};
}

std::vector<milliseconds> LocalWorkers::Look() {
  const auto now = Clock::now();
  std::vector<milliseconds> ended;
  std::erase_if(running_, [&](Worker& worker) {
    const pid_t pid = worker.process.pid();
    const auto exit = worker.process.Poll();
    if (!exit) return false;
    spdlog::warn("worker {} {}", pid, Describe(*exit));
    ended.push_back(duration_cast<milliseconds>(now - worker.started));
    return true;
  });
  std::erase_if(stopping_, [&](Worker& worker) {
    if (worker.process.Poll()) return true;
    if (now >= worker.kill_at) {
      spdlog::warn("worker {} does not end: it is killed",
                   worker.process.pid());
      worker.process.Kill();
      worker.kill_at = Clock::time_point::max();
    }
    return false;
  });
  return ended;
}

}  // namespace reel::cli
