#include "workflow/fleet/fleet_worker.h"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace reel::workflow::fleet {
namespace {

using base::Result;
using base::Status;
using platform::Lease;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// An idle worker looks again after this, and after ever longer pauses, so that
// thousands of them are bearable.
constexpr milliseconds kFirstPause{50}, kLongestPause{1000};
// While tasks run, for runners that have no descriptor.
constexpr milliseconds kTick{200};
constexpr milliseconds kAnswerWithin = seconds(5);
// Until somebody else may try: of what nobody could answer, and of what this
// program does not know.
constexpr milliseconds kAskAgainAfter = seconds(1);
constexpr milliseconds kUnknownAfter = seconds(5);

double LoadOfMachine() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load : 0;
}

}  // namespace

FleetWorker::FleetWorker(platform::TaskQueue& queue, platform::MessageBus& bus,
                         const TaskRegistry& registry,
                         const MakeRunner& make_runner,
                         FleetWorkerOptions options)
    : queue_(queue),
      bus_(bus),
      registry_(registry),
      options_(std::move(options)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (int i = 0; i < options_.slots; ++i) {
    slots_.push_back({.runner = make_runner(i), .task = std::nullopt});
  }
}

FleetWorker::~FleetWorker() {
  listening_.reset();
  reporter_.reset();  // it tells the keeper
  keeper_.reset();
  ::close(wake_);
}

Status FleetWorker::Run(const WorkerEnd& end) {
  const auto wake = [this] {
    const uint64_t one = 1;
    [[maybe_unused]] const auto sent = ::write(wake_, &one, sizeof one);
  };
  REEL_ASSIGN(listening_, bus_.Listen(kStopSubject, [&](const auto& text) {
    const auto order = base::ParseJsonAs<StopOrder>(text);
    if (!order) return;
    const std::lock_guard lock(mu_);
    ordered_.insert(order->task_ids.begin(), order->task_ids.end());
    wake();
  }));
  beat_ = MakeBeat();
  reporter_ = std::make_unique<Reporter>(
      queue_, bus_, [this](const std::string& id) { keeper_->Drop(id); });
  keeper_ = std::make_unique<LeaseKeeper>(
      queue_, bus_, LeaseKeeper::Options{options_.lease, options_.beat_every},
      [this] {
        const std::lock_guard lock(mu_);
        return beat_;
      });
  const std::stop_callback on_stop(end.stop, wake);
  const std::stop_callback on_notice(end.notice, wake);
  milliseconds pause = kFirstPause;
  for (;;) {
    CollectEnded();
    ReleaseOrdered();
    const bool drains =
        end.stop.stop_requested() || end.notice.stop_requested();
    if (drains) ReleaseLate(end);
    if (drains && !IsBusy()) break;
    bool found = false;
    if (!drains && Free() > 0) {
      const auto began = PullTasks();
      if (!began) spdlog::warn("pull tasks: {}", began.error().message);
      found = began && *began > 0;
    }
    Beat beat = MakeBeat();
    // They are not lost, only on their way.
    std::ranges::copy(reporter_->Pending(), std::back_inserter(beat.tasks));
    {
      const std::lock_guard lock(mu_);
      beat_ = std::move(beat);
    }
    pause = found ? kFirstPause : std::min(2 * pause, kLongestPause);
    if (found) continue;
    WaitForNews(IsBusy() ? std::min(pause, kTick) : Jitter(pause));
  }
  // A second stop, or the end of the grace, does not wait for servers.
  std::stop_source enough;
  const std::jthread timer([&](const std::stop_token& stop) {
    std::mutex mu;
    std::condition_variable_any ended;
    std::unique_lock lock(mu);
    ended.wait_for(lock, stop, options_.notice_grace, [] { return false; });
    enough.request_stop();
  });
  reporter_->Finish(enough.get_token());
  return {};
}

int FleetWorker::Free() const {
  return static_cast<int>(
      std::ranges::count_if(slots_, [](const Slot& one) { return !one.task; }));
}

// Slots for tasks of at least that priority: some are kept from the others.
int FleetWorker::FreeFor(int least_priority) const {
  if (least_priority >= platform::kMostPriority) return Free();
  const auto others = std::ranges::count_if(slots_, [](const Slot& one) {
    return one.task && one.lease.priority < platform::kMostPriority;
  });
  return std::min(
      Free(), options_.slots - options_.reserved - static_cast<int>(others));
}

Result<std::vector<Lease>> FleetWorker::Pull() {
  std::vector<Lease> leases;
  if (options_.reserved > 0) {
    REEL_ASSIGN(leases,
                queue_.PullSome(options_.services, platform::kMostPriority,
                                Free(), options_.lease));
  }
  const int room =
      FreeFor(platform::kLeastPriority) - static_cast<int>(leases.size());
  if (room <= 0) return leases;
  auto more = queue_.PullSome(options_.services, platform::kLeastPriority, room,
                              options_.lease);
  // Those in hand come first; the server may be back at the next round.
  if (more) leases.insert(leases.end(), more->begin(), more->end());
  if (!more && leases.empty()) return tl::unexpected(more.error());
  return leases;
}

Result<int> FleetWorker::PullTasks() {
  REEL_ASSIGN(const std::vector<Lease> pulled, Pull());
  std::vector<Lease> known;
  for (const Lease& lease : pulled) {
    if (Takes(lease)) {
      known.push_back(lease);
    } else {
      HandBack(lease, kUnknownAfter);
    }
  }
  if (known.empty()) return 0;
  return Start(known);
}

bool FleetWorker::Takes(const Lease& lease) {
  const auto payload = base::ParseJsonAs<TaskPayload>(lease.payload);
  if (payload && registry_.Find(payload->kind, payload->version)) return true;
  const std::string what =
      payload ? fmt::format("{} version {}", payload->kind, payload->version)
              : "a payload that is none";
  const base::LogScope about(LogFieldsOf(lease));
  if (unknown_.insert(what).second)
    spdlog::warn("this program has no {}: left to other workers", what);
  return false;
}

Result<int> FleetWorker::Start(const std::vector<Lease>& leases) {
  StartRequest request{options_.name, options_.host, {}};
  for (const Lease& lease : leases) request.task_ids.push_back(lease.task_id);
  const auto text =
      bus_.Ask(kStartSubject, base::DumpJson(request), kAnswerWithin);
  const auto answer = text ? base::ParseJsonAs<StartAnswer>(*text)
                           : Result<StartAnswer>(tl::unexpected(text.error()));
  if (!answer || answer->tasks.size() != leases.size()) {
    for (const Lease& lease : leases) HandBack(lease, kAskAgainAfter);
    if (!answer) return tl::unexpected(answer.error());
    return 0;
  }
  int began = 0;
  for (size_t i = 0; i < leases.size(); ++i) {
    const StartedTask& task = answer->tasks[i];
    switch (task.verdict) {
      case StartVerdict::kStart:
        Begin(task, leases[i]);
        ++began;
        break;
      case StartVerdict::kDrop:
        // Not acknowledged, it comes back, and is dropped again.
        (void)queue_.Ack(leases[i]);
        break;
      case StartVerdict::kLater:
        HandBack(leases[i], kAskAgainAfter);
        break;
    }
  }
  return began;
}

void FleetWorker::Begin(const StartedTask& task, const Lease& lease) {
  const auto slot =
      std::ranges::find_if(slots_, [](const Slot& one) { return !one.task; });
  REEL_CHECK(slot != slots_.end());
  slot->task = task;
  slot->lease = lease;
  slot->began = steady_clock::now();
  const base::LogScope about(LogFieldsOf(lease));
  spdlog::info("task {}: attempt {} at {}", task.task_id, task.fence,
               task.spec ? TaskName(task.spec->kind, task.spec->label) : "");
  keeper_->Keep(lease);
  const Status begun = slot->runner->Begin(task);
  if (begun) return;
  AttemptReport report;
  report.error = begun.error();
  End(*slot, std::move(report));
}

void FleetWorker::HandBack(const Lease& lease, milliseconds delay) {
  const auto handed = queue_.Nak(lease, Jitter(delay));
  // It comes back by itself, once its lease is over.
  if (!handed)
    spdlog::debug("task {}: {}", lease.task_id, handed.error().message);
}

void FleetWorker::CollectEnded() {
  for (Slot& slot : slots_) {
    if (!slot.task) continue;
    if (auto report = slot.runner->Poll()) End(slot, *std::move(report));
  }
}

void FleetWorker::End(Slot& slot, AttemptReport report) {
  report.task_id = slot.task->task_id;
  report.fence = slot.task->fence;
  report.worker = options_.name;
  report.host = options_.host;
  const base::LogScope about(LogFieldsOf(slot.lease));
  switch (report.end) {
    case AttemptEnd::kDone:
      spdlog::info("task {}: done in {:.1f} s", report.task_id,
                   report.usage.wall_seconds);
      break;
    case AttemptEnd::kFailed:
      spdlog::warn("task {}: failed: {}", report.task_id,
                   report.error ? report.error->message : "");
      break;
    case AttemptEnd::kReleased:
      spdlog::info("task {}: handed back", report.task_id);
      break;
  }
  reporter_->Put(report, slot.lease);
  slot.task.reset();
}

void FleetWorker::Release(Slot& slot) {
  slot.runner->Kill();
  AttemptReport report;
  report.end = AttemptEnd::kReleased;
  const std::chrono::duration<double> ran = steady_clock::now() - slot.began;
  report.usage.wall_seconds = ran.count();
  End(slot, std::move(report));
}

void FleetWorker::ReleaseOrdered() {
  std::set<std::string> ordered;
  {
    const std::lock_guard lock(mu_);
    ordered.swap(ordered_);
  }
  for (Slot& slot : slots_) {
    if (slot.task && ordered.contains(slot.task->task_id)) Release(slot);
  }
}

bool FleetWorker::WillBeLate(const Slot& slot, Time deadline) const {
  const double fraction = slot.runner->fraction();
  if (fraction <= 0) return true;
  const std::chrono::duration<double> ran = steady_clock::now() - slot.began;
  const std::chrono::duration<double> rest = ran * ((1 - fraction) / fraction);
  return steady_clock::now() + rest > deadline;
}

void FleetWorker::ReleaseLate(const WorkerEnd& end) {
  const Time now = steady_clock::now();
  if (!drains_since_) {
    drains_since_ = now;
    spdlog::info("no more tasks: {} run still",
                 slots_.size() - static_cast<size_t>(Free()));
    keeper_->BeatNow();
  }
  const bool is_new = end.notice.stop_requested() && !noticed_at_;
  if (is_new) noticed_at_ = now;
  Time deadline = *drains_since_ + options_.grace;
  if (noticed_at_)
    deadline = std::min(deadline, *noticed_at_ + options_.notice_grace);
  for (Slot& slot : slots_) {
    if (!slot.task) continue;
    if (now >= deadline || (is_new && WillBeLate(slot, deadline)))
      Release(slot);
  }
}

void FleetWorker::WaitForNews(milliseconds longest) {
  std::vector<pollfd> waits = {{wake_, POLLIN, 0}};
  for (const Slot& slot : slots_) {
    if (slot.task && slot.runner->descriptor() >= 0)
      waits.push_back({slot.runner->descriptor(), POLLIN, 0});
  }
  ::poll(waits.data(), waits.size(), static_cast<int>(longest.count()));
  uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(wake_, &count, sizeof count);
}

Beat FleetWorker::MakeBeat() {
  Beat beat{.worker = options_.name,
            .host = options_.host,
            .version = options_.version,
            .services = options_.services,
            .slots = options_.slots,
            .load = LoadOfMachine(),
            .draining = drains_since_.has_value(),
            .tasks = {}};
  for (const Slot& slot : slots_) {
    if (!slot.task) continue;
    beat.tasks.push_back(
        {slot.task->task_id, slot.task->fence, slot.runner->fraction()});
  }
  return beat;
}

milliseconds FleetWorker::Jitter(milliseconds delay) {
  std::uniform_int_distribution<int64_t> jitter(delay.count() / 2,
                                                delay.count());
  return milliseconds(jitter(random_));
}

}  // namespace reel::workflow::fleet
