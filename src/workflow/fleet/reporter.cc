#include "workflow/fleet/reporter.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.h"

namespace reel::workflow::fleet {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{200}, kLongestPause{10'000};

}  // namespace

Reporter::Reporter(platform::TaskQueue& queue, platform::MessageBus& bus,
                   std::function<void(const std::string&)> done)
    : queue_(queue),
      bus_(bus),
      done_(std::move(done)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

Reporter::~Reporter() = default;

void Reporter::Put(const AttemptReport& report, const platform::Lease& lease) {
  {
    const std::lock_guard lock(mu_);
    items_.push_back({report, lease});
  }
  news_.notify_all();
}

std::vector<RunningTask> Reporter::Pending() {
  const std::lock_guard lock(mu_);
  std::vector<RunningTask> pending;
  for (const Item& item : items_)
    pending.push_back({item.report.task_id, item.report.fence, 1});
  return pending;
}

void Reporter::Finish(const std::stop_token& stop) {
  std::unique_lock lock(mu_);
  news_.wait(lock, stop, [&] { return items_.empty(); });
}

void Reporter::Run(const std::stop_token& stop) {
  milliseconds pause = kFirstPause;
  while (!stop.stop_requested()) {
    Item item;
    {
      std::unique_lock lock(mu_);
      if (!news_.wait(lock, stop, [&] { return !items_.empty(); })) return;
      item = items_.front();
    }
    if (HandIn(item)) {
      pause = kFirstPause;
      {
        const std::lock_guard lock(mu_);
        items_.pop_front();
      }
      news_.notify_all();
      done_(item.report.task_id);
      continue;
    }
    std::unique_lock lock(mu_);
    news_.wait_for(lock, stop, pause, [] { return false; });
    pause = std::min(2 * pause, kLongestPause);
  }
}

bool Reporter::HandIn(const Item& item) {
  const AttemptReport& report = item.report;
  const base::LogScope about(LogFieldsOf(item.lease));
  const auto put =
      bus_.PutReport(fmt::format("{}/{}", report.task_id, report.fence),
                     base::DumpJson(report));
  if (!put) {
    spdlog::warn("report of task {}: {}", report.task_id, put.error().message);
    // Another try helps only where the server is away.
    return !base::MayRetry(put.error().code);
  }
  // Not acknowledged, it comes back, and is dropped.
  if (const auto acked = queue_.Ack(item.lease); !acked)
    spdlog::debug("task {}: {}", report.task_id, acked.error().message);
  return true;
}

}  // namespace reel::workflow::fleet
