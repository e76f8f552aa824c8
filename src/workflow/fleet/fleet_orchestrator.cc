#include "workflow/fleet/fleet_orchestrator.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "platform/sql_job_board.h"
#include "platform/sql_job_store.h"
#include "workflow/fleet/recorder.h"
#include "workflow/fleet/starter.h"

namespace reel::workflow::fleet {
namespace {

using base::Result;
using base::Status;
using std::chrono::milliseconds;

constexpr milliseconds kPlanEvery{50}, kDispatchEvery{25}, kWatchEvery{2000};
constexpr milliseconds kFirstPause{200}, kLongestPause{5000};

// Calls `round` again and again until stop is requested; after an error with a
// pause that doubles. `round` says how long to wait until the next.
// `failed` is told of errors.
void Repeat(const std::stop_token& stop, const char* what,
            const std::function<Result<milliseconds>()>& round,
            const std::function<void(const char*)>& failed) {
  std::mutex mu;
  std::condition_variable_any stopped;
  milliseconds pause = kFirstPause;
  while (!stop.stop_requested()) {
    milliseconds wait = pause;
    if (const auto next = round()) {
      wait = *next;
      pause = kFirstPause;
    } else {
      spdlog::warn("{}: {}; goes on in {} ms", what, next.error().message,
                   pause.count());
      failed(what);
      pause = std::min(2 * pause, kLongestPause);
    }
    std::unique_lock lock(mu);
    stopped.wait_for(lock, stop, wait, [] { return false; });
  }
}

class Orchestrating : public FleetOrchestrator {
 public:
  explicit Orchestrating(Seams seams)
      : bus_(seams.bus), queue_(seams.queue), view_(platform::SystemClockMs) {
    platform_.objects = std::move(seams.objects);
  }

  Status Open(const FleetOptions& options, MakeWork make_work) {
    // A connection for each thread: they would wait for each other.
    REEL_ASSIGN(board_, platform::OpenJobBoard(options.jobs_url));
    REEL_ASSIGN(telling_, platform::OpenJobBoard(options.jobs_url));
    for (auto* ledger :
         {&planning_, &dispatching_, &starting_, &recording_, &watching_}) {
      REEL_ASSIGN(*ledger, platform::OpenTaskLedger(options.jobs_url));
    }
    REEL_ASSIGN(platform_.jobs, platform::OpenJobStore(options.jobs_url));
    REEL_ASSIGN(forgetting_, platform::OpenJobStore(options.jobs_url));
    REEL_ASSIGN(listening_, bus_.Listen(kBeatSubject, [this](const auto& text) {
      if (const auto beat = base::ParseJsonAs<Beat>(text)) view_.Note(*beat);
    }));
    REEL_ASSIGN(starter_, Starter::Open(bus_, *starting_));
    Begin(options, std::move(make_work));
    return {};
  }

  const FleetView& view() const override { return view_; }

  Result<FleetMetrics> Metrics() override {
    FleetMetrics metrics;
    {
      const std::lock_guard lock(mu_);
      metrics = counted_;
    }
    REEL_ASSIGN(const platform::BoardStats stats, telling_->Stats());
    metrics.jobs = stats.jobs;
    metrics.late_jobs = stats.late_jobs;
    metrics.dead_tasks = stats.dead_tasks;
    for (const auto& [priority, age_ms] : stats.oldest_open_ms)
      metrics.oldest_job_seconds[priority] = static_cast<double>(age_ms) / 1e3;
    REEL_ASSIGN(const auto depths, queue_.Depths());
    for (const platform::ServiceDepth& one : depths) {
      metrics.queues[{one.service, PriorityOf(one.priority)}].depth.held +=
          one.depth.held;
    }
    for (const platform::BoardStats::Ready& one : stats.ready) {
      QueueMetrics& queue =
          metrics.queues[{one.service, PriorityOf(one.priority)}];
      queue.depth.ready += one.tasks;
      queue.oldest_ready_seconds = static_cast<double>(one.oldest_ms) / 1e3;
    }
    for (const SeenWorker& worker : view_.Workers())
      CountWorker(worker.beat, metrics.workers);
    return metrics;
  }

 private:
  void Begin(const FleetOptions& options, MakeWork make_work) {
    threads_.emplace_back(
        [this](const std::stop_token& stop) { starter_->Run(stop); });
    threads_.emplace_back(
        [this](const std::stop_token& stop) { Record(stop); });
    threads_.emplace_back([this, options, make = std::move(make_work)](
                              const auto& stop) { Plan(options, make, stop); });
    threads_.emplace_back([this, options](const std::stop_token& stop) {
      Dispatch(options, stop);
    });
    threads_.emplace_back(
        [this, options](const std::stop_token& stop) { See(options, stop); });
  }

  void Record(const std::stop_token& stop) {
    Recorder recorder(bus_, *recording_, *forgetting_,
                      [this](const Recorder::Told& told) { Note(told); });
    RepeatRound(stop, "record", [&]() -> Result<milliseconds> {
      REEL_TRY(recorder.Round());
      return milliseconds(0);
    });
  }

  void RepeatRound(const std::stop_token& stop, const char* what,
                   const std::function<Result<milliseconds>()>& round) {
    Repeat(stop, what, round, [this](const char* part) {
      const std::lock_guard lock(mu_);
      ++counted_.round_errors[part];
    });
  }

  static platform::JobPriority PriorityOf(int priority) {
    return static_cast<platform::JobPriority>(priority);
  }

  static void CountWorker(const Beat& beat, WorkerMetrics& workers) {
    const auto busy = static_cast<int64_t>(beat.tasks.size());
    (beat.draining ? workers.draining : workers.working) += 1;
    workers.busy_slots += busy;
    if (!beat.draining)
      workers.free_slots += std::max<int64_t>(0, beat.slots - busy);
  }

  void Note(const Recorder::Told& told) {
    const std::lock_guard lock(mu_);
    counted_.store_read_bytes += told.read_bytes;
    counted_.store_written_bytes += told.written_bytes;
    for (const auto& [code, errors] : told.errors)
      counted_.task_errors[code] += errors;
    for (const auto& attempt : told.recorded.attempts) NoteAttempt(attempt);
  }

  // mu_ is held.
  void NoteAttempt(const platform::RecordedAttempt& attempt) {
    TaskMetrics& tasks = counted_.tasks[attempt.service];
    switch (attempt.end) {
      case platform::EndedAttempt::End::kDone:
        ++tasks.done;
        tasks.seconds.Observe(attempt.usage.wall_seconds);
        times_.Note(attempt.kind, attempt.cost_seconds,
                    attempt.usage.wall_seconds);
        break;
      case platform::EndedAttempt::End::kFailed:
        ++(attempt.timed_out ? tasks.timed_out : tasks.failed);
        tasks.retries += attempt.state == platform::TaskState::kQueued;
        break;
      case platform::EndedAttempt::End::kReleased:
        ++tasks.released;
        break;
    }
  }

  void NotePublished(milliseconds waited) {
    const std::lock_guard lock(mu_);
    counted_.dispatch_seconds.Observe(static_cast<double>(waited.count()) /
                                      1e3);
  }

  void Plan(const FleetOptions& options, const MakeWork& make_work,
            const std::stop_token& stop) {
    Planner planner({*board_, *planning_, platform_}, bus_, make_work,
                    options.planner);
    RepeatRound(stop, "plan", [&]() -> Result<milliseconds> {
      REEL_TRY(planner.Round());
      return kPlanEvery;
    });
    planner.Resign();
  }

  void Dispatch(const FleetOptions& options, const std::stop_token& stop) {
    Dispatcher dispatcher(*dispatching_, queue_, view_, platform::SystemClockMs,
                          options.dispatcher, [this](milliseconds waited) {
                            NotePublished(waited);
                          });
    RepeatRound(stop, "dispatch", [&]() -> Result<milliseconds> {
      REEL_TRY(dispatcher.Round());
      return kDispatchEvery;
    });
  }

  void See(const FleetOptions& options, const std::stop_token& stop) {
    Watch watch(*watching_, queue_, view_, times_, platform::SystemClockMs,
                options.watch);
    RepeatRound(stop, "watch", [&]() -> Result<milliseconds> {
      REEL_TRY(watch.Round());
      return kWatchEvery;
    });
  }

  platform::MessageBus& bus_;
  platform::TaskQueue& queue_;
  platform::Platform platform_;  // objects, and jobs for the planner
  std::unique_ptr<platform::JobStore> forgetting_;
  std::unique_ptr<platform::JobBoard> board_, telling_;
  std::unique_ptr<platform::TaskLedger> planning_, dispatching_, starting_,
      recording_, watching_;
  FleetView view_;
  TaskTimes times_;
  std::mutex mu_;         // counted_
  FleetMetrics counted_;  // counters alone
  std::unique_ptr<platform::MessageBus::Subscription> listening_;
  std::unique_ptr<Starter> starter_;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace

Result<std::unique_ptr<FleetOrchestrator>> FleetOrchestrator::Open(
    const FleetOptions& given, Seams seams, MakeWork make_work) {
  FleetOptions options = given;
  options.planner.name = options.name;
  options.dispatcher.name = options.name;
  options.watch.name = options.name;
  auto orchestrator = std::make_unique<Orchestrating>(std::move(seams));
  REEL_TRY(orchestrator->Open(options, std::move(make_work)));
  return orchestrator;
}

}  // namespace reel::workflow::fleet
