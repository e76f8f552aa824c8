#include "workflow/fleet/job_runner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "workflow/fleet/messages.h"
#include "workflow/retry.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using base::Error;
using base::Json;
using base::Status;
using platform::JobEvent;
using platform::LedgerTask;
using std::chrono::steady_clock;

// Rows that one transaction writes: longer ones would hold up others.
constexpr size_t kWantedAtOnce = 500;
// Where no more than this is unfinished, workers may wait for the graph: it may
// take a third of the time.
constexpr size_t kFewTasks = 64;
constexpr int kHastyShare = 2;
constexpr std::chrono::seconds kTellEvery{2};
constexpr RetryPolicy kPublishing{.max_attempts = 8,
                                  .first_delay = std::chrono::seconds(1),
                                  .max_delay = std::chrono::minutes(1)};

LedgerTask RowOf(const WantedTask& task, const std::string& trace) {
  const TaskSpec& spec = task.spec;
  return {
      .id = task.id,
      .service = spec.service,
      .kind = spec.kind,
      .label = spec.label,
      .spec = base::DumpJson(spec),
      .payload = base::DumpJson(TaskPayload{spec.kind, spec.version, trace}),
      .cost_seconds = spec.cost};
}

// Of what failed first, for the job.
Error ErrorOf(const std::vector<TaskFailure>& failures) {
  const TaskFailure& first = failures.front();
  std::string message = fmt::format(
      "{} failed after {} attempt{}: {}", TaskName(first.kind, first.label),
      first.attempts, first.attempts == 1 ? "" : "s", first.error.message);
  if (failures.size() > 1)
    message += fmt::format("; {} more failed", failures.size() - 1);
  return {first.error.code, std::move(message)};
}

}  // namespace

JobRunner::JobRunner(platform::LedJob job, std::unique_ptr<Work> work,
                     Stores stores)
    : job_(std::move(job)),
      work_(std::move(work)),
      stores_(stores),
      tracker_(work_->graph(), stores.platform, *this,
               JobTracker::LookForInputs::kNo) {}

JobRunner::~JobRunner() = default;

Status JobRunner::Step(int share) {
  if (has_ended_) return {};
  if (publisher_.joinable()) {
    if (!is_published_) return {};
    publisher_.join();
    return AfterPublishing();
  }
  if (IsTimeToEvaluate(share)) REEL_TRY(Evaluate());
  if (has_ended_) return {};
  REEL_TRY(TellEvents());
  REEL_TRY(TellProgress());
  REEL_TRY(TellUses());  // where that failed before
  if (tracker_.IsFinished()) return Finish();
  return {};
}

bool JobRunner::IsTimeToEvaluate(int share) const {
  if (!tracker_.is_due()) return false;
  const bool has_few = tracker_.open().size() <= kFewTasks;
  return steady_clock::now() >=
         tracker_.evaluated() +
             (has_few ? kHastyShare : share) * tracker_.evaluation_took();
}

Status JobRunner::Evaluate() {
  const auto fresh = tracker_.Evaluate();
  if (!fresh) {
    const Error& error = fresh.error();
    // What may pass is tried again; all else is the job's end.
    if (base::MayRetry(error.code)) return tl::unexpected(error);
    return EndWith(JobEvent::kFail, error);
  }
  Status wanted = TellUses();
  if (wanted) wanted = Want(*fresh);
  if (!wanted) tracker_.EvaluateAgain();
  return wanted;
}

// What is forgotten by then is wanted by the next evaluation.
Status JobRunner::TellUses() {
  const std::vector<std::string> more = tracker_.TakeUses();
  uses_.insert(uses_.end(), more.begin(), more.end());
  while (!uses_.empty()) {
    const size_t some = std::min(uses_.size(), kWantedAtOnce);
    REEL_ASSIGN(const auto lost,
                stores_.ledger.Use(job_, std::span(uses_).last(some)));
    uses_.resize(uses_.size() - some);
    for (const std::string& id : lost) {
      platform::TaskRecord record;
      record.id = id;
      tracker_.Follow(record);
    }
  }
  return {};
}

Status JobRunner::Want(const std::vector<WantedTask>& tasks) {
  for (size_t begin = 0; begin < tasks.size(); begin += kWantedAtOnce) {
    const size_t end = std::min(tasks.size(), begin + kWantedAtOnce);
    const std::vector<WantedTask> some(
        tasks.begin() + static_cast<std::ptrdiff_t>(begin),
        tasks.begin() + static_cast<std::ptrdiff_t>(end));
    std::vector<LedgerTask> rows;
    for (const WantedTask& task : some)
      rows.push_back(RowOf(task, job_.job.spec.trace));
    REEL_ASSIGN(const auto done, stores_.ledger.Want(job_, rows));
    tracker_.Queued(some);
    // Another job has made them meanwhile.
    for (const platform::TaskRecord& record : done) tracker_.Follow(record);
  }
  return {};
}

void JobRunner::Wanted(const WantedTask& task) {
  Progress& progress = progress_[task.spec.service];
  if (progress.wanted++ == 0)
    events_.push_back(
        {"stage", base::DumpJson({{"begun", task.spec.service}})});
}

void JobRunner::Finished(const WantedTask& task) {
  ++progress_[task.spec.service].done;
}

void JobRunner::Failed(const WantedTask& task, const Error& error) {
  ++progress_[task.spec.service].failed;
  events_.push_back(
      {"task_failed",
       base::DumpJson({{"task", task.id},
                       {"name", TaskName(task.spec.kind, task.spec.label)},
                       {"code", base::CodeName(error.code)},
                       {"message", error.message}})});
}

Status JobRunner::TellEvents() {
  while (!events_.empty()) {
    const Event& event = events_.front();
    REEL_TRY(stores_.board.AddEvent(job_, event.kind, event.data));
    events_.erase(events_.begin());
  }
  return {};
}

std::string JobRunner::Result() {
  Json summary = work_->Summary();
  Json& progress = summary["progress"] = Json::object();
  for (const auto& [service, counts] : progress_) {
    progress[service] = {{"wanted", counts.wanted},
                         {"done", counts.done},
                         {"failed", counts.failed}};
  }
  summary["reused"] = tracker_.reused();
  return base::DumpJson(summary);
}

Status JobRunner::TellProgress() {
  const auto now = steady_clock::now();
  if (now < told_at_ + kTellEvery) return {};
  told_at_ = now;
  std::string result = Result();
  if (result == told_) return {};
  REEL_TRY(stores_.board.SetResult(job_, result));
  told_ = std::move(result);
  return {};
}

Status JobRunner::Finish() {
  const auto failures = tracker_.Failures();
  if (!failures.empty()) return EndWith(JobEvent::kFail, ErrorOf(failures));
  if (steady_clock::now() < publish_at_) return {};
  is_published_ = false;
  publisher_ = std::jthread([this] {
    published_ = work_->Publish();
    is_published_ = true;
  });
  return {};
}

// A store that is full or away for a while does not cost a finished title.
Status JobRunner::AfterPublishing() {
  if (*published_) return EndWith(JobEvent::kFinish, std::nullopt);
  const Error& error = published_->error();
  const Verdict verdict =
      AfterFailedAttempt(job_.job.id, kPublishing, ++failed_to_publish_,
                         Cause::kError, error.code);
  if (verdict.after != platform::AfterFailure::kRetry)
    return EndWith(JobEvent::kFail, error);
  spdlog::warn("job {}: publish: {}", job_.job.id, error.message);
  publish_at_ = steady_clock::now() + verdict.delay;
  return {};
}

Status JobRunner::EndWith(JobEvent how, const std::optional<Error>& error) {
  REEL_TRY(TellEvents());
  REEL_TRY(stores_.board.End(job_, how, error, Result()));
  has_ended_ = true;
  spdlog::info("job {} ({}): {}", job_.job.id, job_.job.spec.title,
               error ? error->message : "done");
  return {};
}

std::vector<std::string> JobRunner::OpenTasks() const {
  std::vector<std::string> ids;
  for (const auto& [id, task] : tracker_.open()) ids.push_back(id);
  return ids;
}

}  // namespace reel::workflow::fleet
