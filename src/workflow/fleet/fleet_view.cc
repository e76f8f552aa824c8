#include "workflow/fleet/fleet_view.h"

#include <algorithm>

namespace reel::workflow::fleet {

namespace {

// Of a fleet whose workers beat every two seconds: then it was the server that
// was silent.
constexpr int64_t kSilenceMs = 6'000;

}  // namespace

FleetView::FleetView(platform::ClockMs clock, int64_t forget_ms)
    : clock_(std::move(clock)),
      forget_ms_(forget_ms),
      since_ms_(clock_()),
      heard_ms_(since_ms_) {}

int64_t FleetView::since_ms() const {
  const std::lock_guard lock(mu_);
  return since_ms_;
}

void FleetView::Note(const Beat& beat) {
  const int64_t now = clock_();
  const std::lock_guard lock(mu_);
  if (now > heard_ms_ + kSilenceMs) since_ms_ = now;
  heard_ms_ = now;
  if (beat.slots == 0) {
    workers_.erase(beat.worker);
  } else {
    workers_[beat.worker] = {beat, now};
  }
  for (const RunningTask& task : beat.tasks) {
    std::vector<Sign>& signs = signs_[task.task_id];
    const auto known = std::ranges::find(signs, task.fence, &Sign::fence);
    const Sign sign{task.fence, now, task.fraction};
    if (known == signs.end()) {
      signs.push_back(sign);
    } else {
      *known = sign;
    }
  }
  Forget(now);
}

// mu_ is held.
void FleetView::Forget(int64_t now_ms) {
  if (now_ms < forgotten_ms_ + forget_ms_ / 4) return;
  forgotten_ms_ = now_ms;
  const int64_t before = now_ms - forget_ms_;
  std::erase_if(workers_, [&](const auto& worker) {
    return worker.second.seen_ms < before;
  });
  std::erase_if(signs_, [&](const auto& task) {
    return std::ranges::all_of(
        task.second, [&](const Sign& sign) { return sign.seen_ms < before; });
  });
}

std::optional<int64_t> FleetView::LastSign(const std::string& task_id,
                                           int64_t fence) const {
  const std::lock_guard lock(mu_);
  const auto task = signs_.find(task_id);
  if (task == signs_.end()) return std::nullopt;
  const auto sign = std::ranges::find(task->second, fence, &Sign::fence);
  if (sign == task->second.end()) return std::nullopt;
  return sign->seen_ms;
}

double FleetView::FractionOf(const std::string& task_id) const {
  const std::lock_guard lock(mu_);
  const auto task = signs_.find(task_id);
  if (task == signs_.end()) return 0;
  return std::ranges::max(task->second, {}, &Sign::fence).fraction;
}

int FleetView::Slots(const std::string& service) const {
  const std::lock_guard lock(mu_);
  int slots = 0;
  for (const auto& [name, worker] : workers_) {
    const auto& services = worker.beat.services;
    const bool takes = std::ranges::find(services, service) != services.end();
    if (takes && !worker.beat.draining) slots += worker.beat.slots;
  }
  return slots;
}

std::vector<SeenWorker> FleetView::Workers() const {
  const std::lock_guard lock(mu_);
  std::vector<SeenWorker> workers;
  for (const auto& [name, worker] : workers_) workers.push_back(worker);
  return workers;
}

}  // namespace reel::workflow::fleet
