#include "workflow/fleet/lease_keeper.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace reel::workflow::fleet {

using std::chrono::steady_clock;

LeaseKeeper::LeaseKeeper(platform::TaskQueue& queue, platform::MessageBus& bus,
                         Options options, std::function<Beat()> beat)
    : queue_(queue),
      bus_(bus),
      options_(options),
      beat_(std::move(beat)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

LeaseKeeper::~LeaseKeeper() {
  thread_.request_stop();
  thread_.join();
  Beat last = beat_();
  last.slots = 0;
  Tell(last);
}

void LeaseKeeper::Keep(const platform::Lease& lease) {
  const std::lock_guard lock(mu_);
  leases_[lease.task_id] = lease;
}

void LeaseKeeper::Drop(const std::string& task_id) {
  const std::lock_guard lock(mu_);
  leases_.erase(task_id);
}

void LeaseKeeper::BeatNow() {
  {
    const std::lock_guard lock(mu_);
    is_due_ = true;
  }
  news_.notify_one();
}

void LeaseKeeper::Run(const std::stop_token& stop) {
  auto extend_at = steady_clock::now() + options_.lease / 4;
  auto beat_at = steady_clock::now();
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mu_);
      news_.wait_until(lock, stop, std::min(extend_at, beat_at),
                       [&] { return is_due_; });
      if (std::exchange(is_due_, false)) beat_at = steady_clock::now();
    }
    if (steady_clock::now() >= beat_at) {
      Tell(beat_());
      beat_at = steady_clock::now() + options_.beat_every;
    }
    if (steady_clock::now() >= extend_at) {
      Extend();
      extend_at = steady_clock::now() + options_.lease / 4;
    }
  }
}

void LeaseKeeper::Extend() {
  std::vector<platform::Lease> leases;
  {
    const std::lock_guard lock(mu_);
    for (const auto& [id, lease] : leases_) leases.push_back(lease);
  }
  for (const platform::Lease& lease : leases) {
    const auto extended = queue_.Extend(lease, options_.lease);
    if (extended) continue;
    // The task goes on: its report decides.
    spdlog::debug("lease of {}: {}", lease.task_id, extended.error().message);
    if (extended.error().code == base::Code::kUnavailable) return;
  }
}

void LeaseKeeper::Tell(const Beat& beat) {
  const auto sent = bus_.Send(kBeatSubject, base::DumpJson(beat));
  if (!sent) spdlog::debug("beat: {}", sent.error().message);
}

}  // namespace reel::workflow::fleet
