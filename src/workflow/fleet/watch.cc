#include "workflow/fleet/watch.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "workflow/retry.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using base::Result;
using base::Status;
using platform::EndedAttempt;
using platform::RunningAttempt;

constexpr int64_t kEnoughSeen = 8;
// Weight of the next one, once there are many.
constexpr double kNewest = 0.05;

}  // namespace

void TaskTimes::Note(const std::string& kind, double cost_seconds,
                     double wall_seconds) {
  if (cost_seconds <= 0) return;
  const std::lock_guard lock(mu_);
  Ratio& ratio = ratios_[kind];
  ++ratio.seen;
  const double weight =
      std::max(kNewest, 1.0 / static_cast<double>(ratio.seen));
  ratio.mean += weight * (wall_seconds / cost_seconds - ratio.mean);
}

std::optional<double> TaskTimes::ExpectedSeconds(const std::string& kind,
                                                 double cost_seconds) const {
  const std::lock_guard lock(mu_);
  const auto found = ratios_.find(kind);
  if (found == ratios_.end() || found->second.seen < kEnoughSeen)
    return std::nullopt;
  return found->second.mean * cost_seconds;
}

platform::Judgement JudgeBySpec(const EndedAttempt& ended,
                                const std::string& spec, int failures) {
  const auto parsed = base::ParseJsonAs<TaskSpec>(spec);
  if (!parsed) return {platform::AfterFailure::kFail};
  Cause cause = Cause::kError;
  if (ended.crashed) cause = Cause::kCrash;
  if (ended.lost_input) cause = Cause::kLostInput;
  const Verdict verdict = AfterFailedAttempt(ended.task_id, parsed->retry,
                                             failures, cause, ended.error.code);
  return {verdict.after, verdict.delay};
}

Watch::Watch(platform::TaskLedger& ledger, platform::TaskQueue& queue,
             const FleetView& view, const TaskTimes& times,
             platform::ClockMs clock, Options options)
    : ledger_(ledger),
      queue_(queue),
      view_(view),
      times_(times),
      clock_(std::move(clock)),
      options_(std::move(options)) {}

// Whoever begins to watch has heard nothing yet: that alone tells nothing.
bool Watch::IsLost(const RunningAttempt& attempt) const {
  const int64_t heard =
      std::max({view_.LastSign(attempt.task_id, attempt.fence).value_or(0),
                attempt.started_ms, view_.since_ms()});
  return clock_() > heard + options_.lost_after.count();
}

bool Watch::IsSlow(const RunningAttempt& attempt) const {
  if (attempt.copies > 1) return false;
  const auto expected =
      times_.ExpectedSeconds(attempt.kind, attempt.cost_seconds);
  if (!expected) return false;
  const double limit_ms =
      std::max(options_.straggler_factor * *expected * 1e3,
               static_cast<double>(options_.least_straggle.count()));
  return static_cast<double>(clock_() - attempt.started_ms) > limit_ms;
}

Result<Watch::Seen> Watch::Round() {
  REEL_ASSIGN(const bool watches,
              ledger_.TakeRole("watch", options_.name, options_.role_lease));
  if (!watches) return Seen{};
  REEL_ASSIGN(const auto running, ledger_.Running());
  std::vector<RunningAttempt> lost, slow;
  for (const RunningAttempt& attempt : running) {
    if (IsLost(attempt)) {
      lost.push_back(attempt);
    } else if (IsSlow(attempt)) {
      slow.push_back(attempt);
    }
  }
  REEL_TRY(EndLost(lost));
  REEL_TRY(Copy(slow));
  return Seen{static_cast<int>(lost.size()), static_cast<int>(slow.size())};
}

Status Watch::EndLost(const std::vector<RunningAttempt>& lost) {
  if (lost.empty()) return {};
  std::vector<EndedAttempt> ended;
  for (const RunningAttempt& attempt : lost) {
    spdlog::warn("task {}: worker {} has vanished", attempt.task_id,
                 attempt.worker);
    ended.push_back(
        {.task_id = attempt.task_id,
         .fence = attempt.fence,
         .end = EndedAttempt::End::kFailed,
         .error = {Code::kUnavailable,
                   fmt::format("worker {} has vanished", attempt.worker)},
         .crashed = true});
  }
  return ledger_.Record(ended, JudgeBySpec).map([](const auto&) {});
}

Status Watch::Copy(const std::vector<RunningAttempt>& slow) {
  if (slow.empty()) return {};
  std::vector<std::string> ids;
  std::vector<platform::QueuedTask> messages;
  for (const RunningAttempt& attempt : slow) {
    spdlog::info("task {}: slow on {}, a second copy starts", attempt.task_id,
                 attempt.worker);
    ids.push_back(attempt.task_id);
    messages.push_back({.task_id = attempt.task_id,
                        .priority = attempt.priority,
                        .cost = attempt.cost_seconds,
                        .service = attempt.service,
                        .payload = attempt.payload});
  }
  REEL_TRY(ledger_.AllowCopy(ids));
  return queue_.Publish(messages);
}

}  // namespace reel::workflow::fleet
