#include "workflow/orchestrator.h"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "base/json.h"
#include "workflow/process_usage.h"
#include "workflow/retry.h"
#include "workflow/worker.h"
#include "workflow/worker_process.h"

namespace reel::workflow {
namespace {

using base::Code;
using base::Error;
using base::Fail;
using base::Result;
using base::Status;
using platform::TaskRecord;
using platform::TaskState;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How often to look unasked, and to call Observer::Tick.
constexpr int kTickMs = 250;
// Workers that die one after the other, without a task and without any being
// finished meanwhile: something is wrong with this machine.
constexpr int kMaxIdleDeaths = 8;
// Evaluating a large graph is kept to this part of the time while there is
// enough published to keep the workers busy.
constexpr int kEvaluationShare = 20;

// A descriptor that poll() sees when stop is requested.
class StopEvent {
 public:
  explicit StopEvent(const std::stop_token& stop)
      : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        callback_(stop, [this] {
          const uint64_t one = 1;
          [[maybe_unused]] const auto sent =
              ::write(descriptor_, &one, sizeof one);
        }) {}
  ~StopEvent() { ::close(descriptor_); }
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  std::stop_callback<std::function<void()>> callback_;
};

// One of the places for a worker process.
struct Slot {
  std::optional<WorkerProcess> process;
  int started = 0;   // processes so far
  std::string task;  // that it runs, as far as we have seen
  steady_clock::time_point last_sign;
  int64_t peak_rss_bytes = 0;
};

// One run of one job.
class JobRun {
 public:
  JobRun(const OrchestratorOptions& options, platform::Platform& platform,
         Graph& graph, Observer& observer, std::stop_token stop)
      : options_(options),
        platform_(platform),
        observer_(observer),
        stop_(std::move(stop)),
        stop_event_(stop_),
        tracker_(graph, platform, observer, JobTracker::LookForInputs::kYes),
        slots_(static_cast<size_t>(options.workers)) {}

  Result<JobOutcome> Run();

 private:
  Status Loop();

  bool HasPlentyQueued() const;
  steady_clock::time_point NextEvaluation() const;
  Status Evaluate();
  Status Publish(const std::vector<WantedTask>& wanted);

  Status FollowChanges();
  void Follow(const TaskRecord& record);

  Status StartWorkers();
  Status StartWorker(size_t index);
  void WakeWorkers();
  void WaitForNews();
  Status ReapWorkers();
  Status Bury(Slot& slot, const base::Exit& exit);
  Status BlameCrash(const TaskRecord& record, const base::Exit& exit,
                    const std::string& last_words);
  Status PublishDelayed();
  void StopWorkers();

  Result<RunCost> Cost() const;

  const OrchestratorOptions& options_;
  platform::Platform& platform_;
  Observer& observer_;
  std::stop_token stop_;
  StopEvent stop_event_;
  JobTracker tracker_;
  std::multimap<steady_clock::time_point, std::string> delayed_;  // task ids
  std::vector<Slot> slots_;
  int64_t change_ = 0;
  int idle_deaths_ = 0;

  // For the cost.
  const steady_clock::time_point start_ = steady_clock::now();
  const double cpu_before_ = ProcessCpuSeconds();
  double workers_cpu_ = 0;
  platform::JobStore::Mark begin_;
};

Result<JobOutcome> JobRun::Run() {
  REEL_ASSIGN(begin_, platform_.jobs->Now());
  change_ = begin_.change;
  const Status status = Loop();
  StopWorkers();
  if (!status) return tl::unexpected(status.error());
  JobOutcome outcome;
  outcome.failures = tracker_.Failures();
  REEL_ASSIGN(outcome.cost, Cost());
  return outcome;
}

Status JobRun::Loop() {
  for (;;) {
    if (stop_.stop_requested()) return Fail(Code::kCancelled, "interrupted");
    REEL_TRY(FollowChanges());
    if (tracker_.is_due() && steady_clock::now() >= NextEvaluation()) {
      REEL_TRY(Evaluate());
    }
    if (tracker_.IsFinished()) return {};
    REEL_TRY(PublishDelayed());
    REEL_TRY(StartWorkers());
    WaitForNews();
    REEL_TRY(ReapWorkers());
    observer_.Tick();
  }
}

bool JobRun::HasPlentyQueued() const {
  const auto queued =
      std::ranges::count_if(tracker_.open(), [](const auto& entry) {
        return entry.second.state == TaskState::kQueued;
      });
  return queued > 2 * static_cast<std::ptrdiff_t>(slots_.size());
}

// A graph of thousands of tasks takes milliseconds to evaluate: not after every
// task while there is plenty to do.
steady_clock::time_point JobRun::NextEvaluation() const {
  const auto pause = HasPlentyQueued()
                         ? kEvaluationShare * tracker_.evaluation_took()
                         : steady_clock::duration::zero();
  return tracker_.evaluated() + pause;
}

Status JobRun::Evaluate() {
  REEL_ASSIGN(const auto fresh, tracker_.Evaluate());
  return Publish(fresh);
}

Status JobRun::Publish(const std::vector<WantedTask>& wanted) {
  if (wanted.empty()) return {};
  std::vector<TaskRecord> records;
  std::vector<platform::QueuedTask> messages;
  for (const WantedTask& task : wanted) {
    TaskRecord record;
    record.id = task.id;
    record.service = task.spec.service;
    record.kind = task.spec.kind;
    record.spec = base::DumpJson(task.spec);
    records.push_back(std::move(record));
    messages.push_back(
        {task.id, task.spec.priority, task.spec.cost, task.spec.service});
  }
  // Should we die between the two, the next evaluation publishes again.
  REEL_TRY(platform_.jobs->Want(records));
  REEL_TRY(platform_.queue->Publish(messages));
  tracker_.Queued(wanted);
  WakeWorkers();
  return {};
}

Status JobRun::FollowChanges() {
  REEL_ASSIGN(const auto changes, platform_.jobs->ChangedSince(change_));
  change_ = changes.last;
  for (const TaskRecord& record : changes.tasks) Follow(record);
  return {};
}

void JobRun::Follow(const TaskRecord& record) {
  tracker_.Follow(record);
  if (record.state == TaskState::kDone) idle_deaths_ = 0;
  if (record.state != TaskState::kRunning) return;
  for (Slot& slot : slots_) {
    if (!slot.process || slot.process->name() != record.worker) continue;
    if (slot.task != record.id) slot.last_sign = steady_clock::now();
    slot.task = record.id;
  }
}

Status JobRun::StartWorkers() {
  size_t live = 0;
  for (const Slot& slot : slots_) live += slot.process.has_value();
  const size_t enough = std::min(slots_.size(), tracker_.Unfinished());
  for (size_t i = 0; i < slots_.size() && live < enough; ++i) {
    if (slots_[i].process) continue;
    REEL_TRY(StartWorker(i));
    ++live;
  }
  return {};
}

Status JobRun::StartWorker(size_t index) {
  Slot& slot = slots_[index];
  const platform::StatePaths paths(options_.state_directory);
  REEL_ASSIGN(auto process,
              WorkerProcess::Start(
                  {.command = options_.worker_command,
                   .state_directory = options_.state_directory,
                   .name = fmt::format("worker-{}.{}", index, slot.started++),
                   .log = fmt::format("{}/worker-{}.log", paths.logs, index),
                   .lease = options_.lease}));
  slot.process.emplace(std::move(process));
  slot.task.clear();
  return {};
}

void JobRun::WakeWorkers() {
  for (Slot& slot : slots_) {
    if (slot.process) slot.process->Wake();
  }
}

void JobRun::WaitForNews() {
  std::vector<pollfd> waits = {{stop_event_.descriptor(), POLLIN, 0}};
  for (const Slot& slot : slots_) {
    if (slot.process) waits.push_back({slot.process->descriptor(), POLLIN, 0});
  }
  int timeout_ms = kTickMs;
  if (tracker_.is_due()) {
    const auto rest =
        std::chrono::ceil<milliseconds>(NextEvaluation() - steady_clock::now());
    timeout_ms = std::clamp(static_cast<int>(rest.count()), 0, kTickMs);
  }
  ::poll(waits.data(), waits.size(), timeout_ms);
  for (Slot& slot : slots_) {
    if (slot.process && slot.process->Drain()) {
      slot.last_sign = steady_clock::now();
    }
  }
}

Status JobRun::ReapWorkers() {
  for (Slot& slot : slots_) {
    if (!slot.process) continue;
    // A worker beats while it runs a task: one that does not is stuck whole,
    // and its lease is over.
    const OpenTask* task = tracker_.Find(slot.task);
    const bool silent = task && task->state == TaskState::kRunning &&
                        steady_clock::now() > slot.last_sign + options_.lease;
    if (silent) slot.process->Kill();
    if (const auto exit = slot.process->Poll()) REEL_TRY(Bury(slot, *exit));
  }
  return {};
}

Status JobRun::Bury(Slot& slot, const base::Exit& exit) {
  workers_cpu_ += exit.cpu_seconds;
  const std::string name = slot.process->name();
  const std::string last_words = slot.process->LastWords();
  slot.process.reset();
  slot.task.clear();
  if (exit.code == kTimedOutExit) return {};  // it has told
  REEL_ASSIGN(const auto record, platform_.jobs->RunningOn(name));
  if (record) return BlameCrash(*record, exit, last_words);
  if (++idle_deaths_ <= kMaxIdleDeaths) return {};
  const Code code = CodeOf(exit);
  if (code == Code::kResourceExhausted) {
    return Fail(code, "workers find no room on the disk or in memory");
  }
  return Fail(Code::kUnavailable,
              fmt::format("workers die one after the other: worker {}; last "
                          "words: {}",
                          base::Describe(exit), last_words));
}

Status JobRun::BlameCrash(const TaskRecord& record, const base::Exit& exit,
                          const std::string& last_words) {
  REEL_ASSIGN(const auto spec, base::ParseJsonAs<TaskSpec>(record.spec));
  Error error{CodeOf(exit),
              fmt::format("worker {} while at {}", base::Describe(exit),
                          TaskName(spec.kind, spec.label))};
  if (!last_words.empty()) error.message += "; last words: " + last_words;
  const Verdict verdict = AfterFailedAttempt(
      record.id, spec.retry, record.failures + 1, Cause::kCrash, error.code);
  Status failed =
      platform_.jobs->Fail(record.id, record.fence, verdict.after, error, {});
  if (!failed) {
    // It was somebody else's meanwhile.
    if (failed.error().code == Code::kConflict) return {};
    return failed;
  }
  if (verdict.after == platform::AfterFailure::kRetry) {
    delayed_.emplace(steady_clock::now() + verdict.delay, record.id);
  }
  return {};
}

// Only the dead worker had the lease: instead of handing it back, the task is
// published anew. Should we die before, the next evaluation does.
Status JobRun::PublishDelayed() {
  std::vector<platform::QueuedTask> due;
  const auto now = steady_clock::now();
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    const OpenTask* task = tracker_.Find(delayed_.begin()->second);
    if (task && task->state == TaskState::kQueued) {
      const TaskSpec& spec = task->wanted.spec;
      due.push_back({task->wanted.id, spec.priority, spec.cost, spec.service});
    }
    delayed_.erase(delayed_.begin());
  }
  if (due.empty()) return {};
  REEL_TRY(platform_.queue->Publish(due));
  WakeWorkers();
  return {};
}

// At once: what they were at is void, and they keep nothing.
void JobRun::StopWorkers() {
  for (Slot& slot : slots_) {
    if (slot.process) slot.process->Kill();
  }
  for (Slot& slot : slots_) {
    if (!slot.process) continue;
    workers_cpu_ += slot.process->Wait().cpu_seconds;
    slot.process.reset();
  }
}

Result<RunCost> JobRun::Cost() const {
  REEL_ASSIGN(const auto attempts,
              platform_.jobs->AttemptsSince(begin_.attempt));
  RunCost cost;
  const std::chrono::duration<double> wall = steady_clock::now() - start_;
  cost.wall_seconds = wall.count();
  cost.cpu_seconds = ProcessCpuSeconds() - cpu_before_ + workers_cpu_;
  cost.tasks_reused = tracker_.reused();
  double in_tasks = 0;
  std::map<std::string, int64_t> peaks;  // by "worker-N"
  for (const platform::Attempt& attempt : attempts) {
    cost.tasks_run += attempt.outcome == platform::AttemptOutcome::kDone;
    cost.cpu_seconds_by_stage[attempt.service] += attempt.usage.cpu_seconds;
    in_tasks += attempt.usage.cpu_seconds;
    int64_t& peak = peaks[attempt.worker.substr(0, attempt.worker.find('.'))];
    peak = std::max(peak, attempt.usage.peak_rss_bytes);
  }
  cost.cpu_seconds_by_stage["workflow"] =
      std::max(0.0, cost.cpu_seconds - in_tasks);
  cost.peak_rss_bytes = ProcessPeakRssBytes();
  for (const auto& [worker, peak] : peaks) cost.peak_rss_bytes += peak;
  return cost;
}

class LocalOrchestrator : public Orchestrator {
 public:
  LocalOrchestrator(OrchestratorOptions options, platform::StateLock lock,
                    platform::Platform platform)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        platform_(std::move(platform)) {}

  Result<JobOutcome> Run(const std::string& job_id, const std::string& title,
                         Graph& graph, Observer& observer,
                         std::stop_token stop) override {
    REEL_TRY(platform_.jobs->OpenJob(job_id, title));
    auto outcome =
        JobRun(options_, platform_, graph, observer, std::move(stop)).Run();
    const Status released = platform_.jobs->ReleaseAll();
    const Status closed = Close(job_id, outcome);
    // What ended the run matters more; the next Open puts the rest right.
    if (!outcome) return outcome;
    REEL_TRY(released);
    REEL_TRY(closed);
    return outcome;
  }

  platform::Platform& platform() override { return platform_; }

 private:
  Status Close(const std::string& job_id, const Result<JobOutcome>& outcome) {
    using platform::JobEvent;
    if (!outcome) {
      const bool cancelled = outcome.error().code == Code::kCancelled;
      return platform_.jobs->CloseJob(
          job_id, cancelled ? JobEvent::kCancel : JobEvent::kFail,
          outcome.error());
    }
    if (outcome->failures.empty()) {
      return platform_.jobs->CloseJob(job_id, JobEvent::kFinish, std::nullopt);
    }
    return platform_.jobs->CloseJob(job_id, JobEvent::kFail,
                                    outcome->failures.front().error);
  }

  OrchestratorOptions options_;
  platform::StateLock lock_;
  platform::Platform platform_;
};

// Temporaries of whoever was killed. Only the owner of the directory may.
Status Sweep(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    fs::remove_all(entry.path(), error);
    if (error) break;
  }
  if (!error) return {};
  return tl::unexpected(base::FromErrno(error.value(), "sweep " + directory));
}

}  // namespace

Result<std::unique_ptr<Orchestrator>> Orchestrator::Open(
    const OrchestratorOptions& given) {
  OrchestratorOptions options = given;
  if (options.workers <= 0) {
    options.workers =
        std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }
  REEL_ASSIGN(auto lock, platform::StateLock::Take(options.state_directory));
  REEL_ASSIGN(auto platform,
              platform::OpenStateDirectory(options.state_directory));
  REEL_TRY(Sweep(platform::StatePaths(options.state_directory).temporary));
  REEL_TRY(platform.jobs->ReleaseAll());
  return std::make_unique<LocalOrchestrator>(
      std::move(options), std::move(lock), std::move(platform));
}

}  // namespace reel::workflow
