#include "workflow/job_tracker.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace reel::workflow {

using base::Code;
using base::Error;
using base::Fail;
using base::Result;
using platform::TaskRecord;
using platform::TaskState;
using std::chrono::steady_clock;

JobTracker::JobTracker(Graph& graph, platform::Platform& platform,
                       Observer& observer, LookForInputs look)
    : graph_(graph),
      platform_(platform),
      observer_(observer),
      look_(look),
      plan_(*platform.jobs, *platform.objects) {}

Result<std::vector<WantedTask>> JobTracker::Evaluate() {
  const auto begin = steady_clock::now();
  Plan::Round round = plan_.Evaluate(graph_);
  evaluated_ = steady_clock::now();
  took_ = evaluated_ - begin;
  if (!round.status) return tl::unexpected(round.status.error());
  std::vector<WantedTask> fresh;
  if (round.again) return fresh;  // still due, once the loss has been told
  is_due_ = false;
  wanted_.clear();
  for (WantedTask& task : round.wanted) {
    wanted_.insert(task.id);
    const OpenTask* known = Find(task.id);
    if (known && known->state != TaskState::kIdle) continue;
    REEL_ASSIGN(const bool ready, HasInputs(task));
    if (ready) fresh.push_back(std::move(task));
  }
  return fresh;
}

// An artifact that has been deleted is made again: its producer is forgotten,
// and the next evaluation wants it.
Result<bool> JobTracker::HasInputs(const WantedTask& task) {
  if (look_ == LookForInputs::kNo) return true;
  bool all = true;
  for (const auto& [name, input] : task.spec.inputs) {
    if (input.external || present_.contains(input.digest)) continue;
    REEL_ASSIGN(const bool exists, platform_.objects->Exists(input.digest));
    if (exists) {
      present_.insert(input.digest);
      continue;
    }
    REEL_ASSIGN(const int makers, platform_.jobs->Forget(input.digest));
    if (makers == 0) {
      return Fail(Code::kNotFound,
                  fmt::format("{}: input {} is missing, and no task makes it",
                              TaskName(task.spec.kind, task.spec.label), name));
    }
    all = false;
    is_due_ = true;
  }
  return all;
}

void JobTracker::Queued(const std::vector<WantedTask>& tasks) {
  for (const WantedTask& task : tasks) {
    const auto [slot, is_new] = open_.try_emplace(task.id);
    OpenTask& open = slot->second;
    open.wanted = task;
    open.wanted.spec.params = nullptr;
    open.wanted.spec.inputs.clear();
    open.wanted.spec.parts.clear();
    open.state = TaskState::kQueued;
    if (is_new) observer_.Wanted(open.wanted);
  }
}

void JobTracker::Follow(const TaskRecord& record) {
  const auto found = open_.find(record.id);
  OpenTask* task = found == open_.end() ? nullptr : &found->second;
  const TaskState before = task ? task->state : TaskState::kIdle;
  if (task) {
    task->state = record.state;
    task->failures = record.failures;
    task->error = record.error;
  }
  switch (record.state) {
    case TaskState::kIdle:
      plan_.Update(record.id, nullptr, false);
      present_.clear();  // its artifacts may be gone
      is_due_ = true;
      return;
    case TaskState::kQueued:
      if (task && before == TaskState::kRunning && record.error) {
        observer_.Retried(task->wanted, *record.error);
      }
      return;
    case TaskState::kRunning:
      if (!task) return;
      if (before != TaskState::kRunning) {
        observer_.Started(task->wanted, record.worker);
      }
      if (record.fraction != task->fraction) {
        observer_.Progressed(task->wanted, record.fraction);
      }
      task->fraction = record.fraction;
      return;
    case TaskState::kDone:
      plan_.Update(record.id, &record.artifacts, task != nullptr);
      is_due_ = true;
      if (!task) return;
      observer_.Finished(task->wanted);
      open_.erase(found);
      return;
    case TaskState::kFailed:
      if (task && before != TaskState::kFailed) {
        observer_.Failed(task->wanted,
                         record.error.value_or(Error{Code::kInternal, ""}));
        if (task->wanted.spec.optional) {
          plan_.NoteFailed(record.id);
          is_due_ = true;
        }
      }
      return;
  }
}

const OpenTask* JobTracker::Find(const std::string& id) const {
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : &found->second;
}

size_t JobTracker::Unfinished() const {
  return static_cast<size_t>(
      std::ranges::count_if(wanted_, [&](const std::string& id) {
        const OpenTask* task = Find(id);
        return task && task->state != TaskState::kFailed;
      }));
}

std::vector<TaskFailure> JobTracker::Failures() const {
  std::vector<TaskFailure> failures;
  for (const auto& [id, task] : open_) {
    const TaskSpec& spec = task.wanted.spec;
    if (task.state != TaskState::kFailed || spec.optional) continue;
    failures.push_back({id, spec.kind, spec.label,
                        task.error.value_or(Error{Code::kInternal, ""}),
                        task.failures});
  }
  std::ranges::sort(failures, {}, [](const TaskFailure& failure) {
    return std::tie(failure.kind, failure.label, failure.id);
  });
  return failures;
}

}  // namespace reel::workflow
