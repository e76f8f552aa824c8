#include "workflow/fleet/dispatcher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace reel::workflow::fleet {
namespace {

using base::Result;
using base::Status;
using platform::QueueDepth;
using platform::QueuedTask;
using platform::ReadyTask;
using platform::TaskGroup;
using std::chrono::milliseconds;

constexpr int64_t kLeastAhead = 8, kMostAhead = 2'000;
// Bounds the time of one round.
constexpr int kMostAtOnce = 500;
constexpr int64_t kCompareEveryMs = 10'000;
// The queue is asked no more often than so, for it costs the server as much as
// tens of tasks.
constexpr int64_t kLookEveryMs = 100;

}  // namespace

int64_t AheadOf(int slots) {
  return std::clamp<int64_t>(slots / 4, kLeastAhead, kMostAhead);
}

Dispatcher::Dispatcher(platform::TaskLedger& ledger, platform::TaskQueue& queue,
                       const FleetView& view, platform::ClockMs clock,
                       Options options,
                       std::function<void(milliseconds)> published)
    : ledger_(ledger),
      queue_(queue),
      view_(view),
      clock_(std::move(clock)),
      options_(std::move(options)),
      published_(std::move(published)) {}

Result<bool> Dispatcher::HasRole() {
  const int64_t now = clock_();
  if (now < asked_ms_ + options_.role_lease.count() / 4) return has_role_;
  REEL_ASSIGN(has_role_, ledger_.TakeRole("dispatcher", options_.name,
                                          options_.role_lease));
  asked_ms_ = now;
  return has_role_;
}

Result<bool> Dispatcher::Round() {
  REEL_ASSIGN(const bool has_role, HasRole());
  if (!has_role) return false;
  REEL_ASSIGN(const auto groups, ledger_.ReadyGroups());
  const bool compares = clock_() >= compared_ms_ + kCompareEveryMs;
  if (groups.empty() && !compares) return false;
  REEL_TRY(LookAtQueue());
  bool any = false;
  for (const TaskGroup& group : groups) {
    REEL_ASSIGN(const bool published, PublishGroup(group));
    any = any || published;
  }
  if (compares) {
    REEL_TRY(PublishLost());
    compared_ms_ = clock_();
  }
  return any;
}

Status Dispatcher::LookAtQueue() {
  if (clock_() < looked_ms_ + kLookEveryMs) return {};
  REEL_ASSIGN(const auto in_queue, queue_.Depths());
  depths_.clear();
  for (const platform::ServiceDepth& one : in_queue)
    depths_[{one.service, one.priority}] = one.depth;
  looked_ms_ = clock_();
  return {};
}

// Should we die between the two, they are published again: the ledger decides
// which copy begins.
Result<bool> Dispatcher::PublishGroup(const TaskGroup& group) {
  QueueDepth& depth = depths_[group];
  const int64_t room = AheadOf(view_.Slots(group.service)) - depth.ready;
  if (room <= 0) return false;
  REEL_ASSIGN(const auto ready,
              ledger_.Ready(group, static_cast<int>(
                                       std::min<int64_t>(room, kMostAtOnce))));
  if (ready.empty()) return false;
  std::vector<QueuedTask> messages;
  std::vector<std::string> ids;
  for (const ReadyTask& task : ready) {
    messages.push_back({.task_id = task.id,
                        .priority = group.priority,
                        .cost = task.cost_seconds,
                        .service = group.service,
                        .payload = task.payload});
    ids.push_back(task.id);
  }
  REEL_TRY(queue_.Publish(messages));
  depth.ready += static_cast<int64_t>(messages.size());
  const int64_t now = clock_();
  REEL_TRY(ledger_.MarkPublished(ids));
  for (const ReadyTask& task : ready)
    published_(milliseconds(now - task.ready_ms));
  return true;
}

// A server that lost its disk has lost its messages: the rows are the truth.
Status Dispatcher::PublishLost() {
  REEL_ASSIGN(const auto published, ledger_.Published());
  REEL_ASSIGN(const auto running, ledger_.Running());
  std::map<TaskGroup, int64_t> begun;
  for (const platform::RunningAttempt& attempt : running)
    ++begun[{attempt.service, attempt.priority}];
  for (const auto& [group, number] : published) {
    const QueueDepth depth = depths_[group];
    // Of what is held, so many are begun.
    const int64_t waiting =
        depth.ready + std::max<int64_t>(0, depth.held - begun[group]);
    if (waiting >= number) continue;
    REEL_ASSIGN(
        const int lost,
        ledger_.Republish(group, clock_() - options_.lost_after.count()));
    if (lost > 0) {
      spdlog::warn("queue: {} tasks of {} at priority {} are published again",
                   lost, group.service, group.priority);
    }
  }
  return {};
}

}  // namespace reel::workflow::fleet
