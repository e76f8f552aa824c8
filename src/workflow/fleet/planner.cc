#include "workflow/fleet/planner.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "workflow/fleet/messages.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using base::Status;
using platform::LedJob;
using std::chrono::steady_clock;

// New jobs, and cancelled ones, are seen so soon.
constexpr std::chrono::seconds kLeadEvery{1};
// Evaluating graphs takes a twentieth of the time, all jobs together.
constexpr int kEvaluationShare = 20;
// Of a stop order, which is one message.
constexpr size_t kMostStopped = 1'000;

}  // namespace

Planner::Planner(JobRunner::Stores stores, platform::MessageBus& bus,
                 MakeWork make_work, Options options)
    : stores_(stores),
      bus_(bus),
      make_work_(std::move(make_work)),
      options_(std::move(options)) {}

Status Planner::Round() {
  if (change_ < 0) {
    REEL_ASSIGN(change_, stores_.ledger.LastChange());
  }
  if (steady_clock::now() >= led_at_ + kLeadEvery) REEL_TRY(RenewLead());
  if (runners_.empty()) return {};
  REEL_ASSIGN(const auto changes, stores_.ledger.EndedSince(change_));
  for (const platform::TaskRecord& record : changes.tasks) {
    for (const auto& [id, runner] : runners_) runner->Follow(record);
  }
  change_ = changes.last;
  const int share = kEvaluationShare * static_cast<int>(runners_.size());
  std::vector<std::string> ended;
  for (const auto& [id, runner] : runners_) {
    const Status stepped = runner->Step(share);
    if (!stepped && stepped.error().code != Code::kConflict)
      return base::Prefix(stepped.error(), "job " + id);
    if (!stepped) Abandon(*runner);
    if (!stepped || runner->has_ended()) ended.push_back(id);
  }
  for (const std::string& id : ended) runners_.erase(id);
  return {};
}

Status Planner::RenewLead() {
  REEL_ASSIGN(
      const auto led,
      stores_.board.Lead(options_.name, options_.jobs_at_once, options_.lease));
  led_at_ = steady_clock::now();
  std::map<std::string, int64_t> fences;
  for (const LedJob& job : led) fences[job.job.id] = job.fence;
  std::erase_if(runners_, [&](const auto& entry) {
    const auto found = fences.find(entry.first);
    const bool is_ours =
        found != fences.end() && found->second == entry.second->job().fence;
    if (!is_ours) Abandon(*entry.second);
    return !is_ours;
  });
  if (runners_.empty()) {
    // Nobody has followed: what comes from here on is enough for new runners.
    REEL_ASSIGN(change_, stores_.ledger.LastChange());
  }
  for (const LedJob& job : led) {
    if (!runners_.contains(job.job.id)) REEL_TRY(Begin(job));
  }
  return {};
}

Status Planner::Begin(const LedJob& led) {
  auto work = make_work_(led.job);
  if (!work && base::MayRetry(work.error().code)) {
    spdlog::warn("job {}: {}", led.job.id, work.error().message);
    return {};  // at the next round
  }
  if (!work) {
    return stores_.board.End(led, platform::JobEvent::kFail, work.error(), "");
  }
  spdlog::info("job {} ({}): led by {}", led.job.id, led.job.spec.title,
               options_.name);
  runners_[led.job.id] =
      std::make_unique<JobRunner>(led, *std::move(work), stores_);
  return {};
}

// Cancelled, or somebody else's. Those whose tasks are wanted no more stop
// them; where somebody else leads, the tasks go on.
void Planner::Abandon(const JobRunner& runner) {
  const std::string& id = runner.job().job.id;
  spdlog::info("job {}: led by {} no more", id, options_.name);
  const auto job = stores_.board.Find(id);
  if (!job || !*job || (*job)->state != platform::JobState::kCancelled) return;
  std::vector<std::string> tasks = runner.OpenTasks();
  for (size_t begin = 0; begin < tasks.size(); begin += kMostStopped) {
    const size_t end = std::min(tasks.size(), begin + kMostStopped);
    const StopOrder order{{tasks.begin() + static_cast<std::ptrdiff_t>(begin),
                           tasks.begin() + static_cast<std::ptrdiff_t>(end)}};
    if (const auto sent = bus_.Send(kStopSubject, base::DumpJson(order)); !sent)
      spdlog::warn("stop tasks: {}", sent.error().message);
  }
}

void Planner::Resign() {
  runners_.clear();
  if (const auto resigned = stores_.board.Resign(options_.name); !resigned)
    spdlog::warn("give up the lead: {}", resigned.error().message);
}

}  // namespace reel::workflow::fleet
