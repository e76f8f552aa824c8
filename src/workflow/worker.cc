#include "workflow/worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "workflow/child_process.h"
#include "workflow/retry.h"

namespace reel::workflow {
namespace {

using base::Code;
using base::Error;
using base::Fail;
using base::Result;
using base::Status;
using platform::Artifacts;
using platform::Lease;
using platform::Usage;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::string NameOf(const TaskSpec& spec) {
  return TaskName(spec.kind, spec.label);
}

std::vector<platform::PartRecord> PartsOf(const TaskSpec& spec) {
  std::vector<platform::PartRecord> parts;
  for (const Part& part : spec.parts) {
    parts.push_back({part.identity, part.outputs});
  }
  return parts;
}

// Stale: somebody else has the task, so this attempt does not matter.
Status UnlessStale(const Status& status) {
  if (!status && status.error().code == Code::kConflict) return {};
  return status;
}

}  // namespace

struct Worker::Job {
  Lease lease;
  platform::TaskRecord record;
  TaskSpec spec;
};

Worker::Worker(platform::Platform& platform, const TaskRegistry& registry,
               WorkerOptions options)
    : platform_(&platform),
      registry_(&registry),
      options_(std::move(options)) {}

Result<Worker::Turn> Worker::RunOne() {
  REEL_ASSIGN(const auto lease, platform_->queue->Pull({}, options_.lease));
  if (!lease) return Turn::kIdle;
  auto record = platform_->jobs->Start(lease->task_id, options_.name);
  if (!record) {
    // Done already, or not wanted any more: the job store decides.
    if (record.error().code != Code::kConflict) {
      return tl::unexpected(record.error());
    }
    REEL_TRY(UnlessStale(platform_->queue->Ack(*lease)));
    return Turn::kWorked;
  }
  options_.notify();
  Job job{*lease, *std::move(record), {}};
  auto spec = base::ParseJsonAs<TaskSpec>(job.record.spec);
  if (spec) {
    job.spec = *std::move(spec);
    REEL_TRY(Perform(job));
  } else {
    REEL_TRY(RecordFailure(job, spec.error(), {}, {}));
  }
  options_.notify();
  return Turn::kWorked;
}

Status Worker::Perform(const Job& job) {
  spdlog::info("{}{}: {}", kTaskMark, job.record.id, NameOf(job.spec));
  // A predecessor's failures include those whose worker vanished.
  if (job.record.failures >= job.spec.retry.max_attempts) {
    return RecordFailure(
        job, {Code::kTimeout, "the workers that had it vanished"}, {}, {});
  }
  const TaskEnd end = RunTask(job.spec, *registry_, *platform_->objects,
                              options_.scratch, HooksOf(job));
  if (!end.artifacts)
    return RecordFailure(job, end.artifacts.error(), end.lost, end.usage);
  const Status completed =
      platform_->jobs->Complete(job.record.id, job.record.fence, *end.artifacts,
                                PartsOf(job.spec), end.usage);
  REEL_TRY(UnlessStale(completed));
  return UnlessStale(platform_->queue->Ack(job.lease));
}

TaskHooks Worker::HooksOf(const Job& job) {
  TaskHooks hooks;
  hooks.interval = std::min(milliseconds(1000), options_.lease / 4);
  hooks.beat = [this, &job](double fraction) {
    const Status extended = platform_->queue->Extend(job.lease, options_.lease);
    const Status reported =
        platform_->jobs->Progress(job.record.id, job.record.fence, fraction);
    options_.notify();
    // Any other error may pass by the next beat.
    return std::ranges::none_of(
        std::array{&extended, &reported}, [](const Status* status) {
          return !*status && status->error().code == Code::kConflict;
        });
  };
  hooks.expire = [this, &job] {
    const Error error{
        Code::kTimeout,
        fmt::format("timed out after {} s",
                    static_cast<double>(job.spec.timeout.count()) * 1e-3)};
    if (const Status status = RecordFailure(job, error, {}, {}); !status) {
      spdlog::error("{}", status.error().message);
    }
    ::_exit(kTimedOutExit);
  };
  return hooks;
}

Status Worker::RecordFailure(const Job& job, const Error& error,
                             const std::vector<std::string>& lost,
                             const Usage& usage) {
  spdlog::warn("{}: {}", NameOf(job.spec), error.message);
  int makers = 0;
  for (const std::string& digest : lost) {
    REEL_ASSIGN(const int number, platform_->jobs->Forget(digest));
    makers += number;
  }
  const Verdict verdict = AfterFailedAttempt(
      job.record.id, job.spec.retry, job.record.failures + 1,
      makers > 0 ? Cause::kLostInput : Cause::kError, error.code);
  const Status failed = platform_->jobs->Fail(job.record.id, job.record.fence,
                                              verdict.after, error, usage);
  REEL_TRY(UnlessStale(failed));
  if (verdict.after == platform::AfterFailure::kRetry) {
    return UnlessStale(platform_->queue->Nak(job.lease, verdict.delay));
  }
  return UnlessStale(platform_->queue->Ack(job.lease));
}

}  // namespace reel::workflow
