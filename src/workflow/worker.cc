#include "workflow/worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>

#include "base/json.h"
#include "workflow/heartbeat.h"
#include "workflow/process_usage.h"
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

// What was used since this was made.
class Meter {
 public:
  Meter() { ResetPeakRss(); }
  Usage Read() const {
    const std::chrono::duration<double> wall = steady_clock::now() - start_;
    return {ProcessCpuSeconds() - cpu_, wall.count(), ProcessPeakRssBytes()};
  }

 private:
  steady_clock::time_point start_ = steady_clock::now();
  double cpu_ = ProcessCpuSeconds();
};

// A source that changed while it was read.
Status CheckExternals(const TaskSpec& spec) {
  for (const auto& [name, input] : spec.inputs) {
    if (input.external) REEL_TRY(CheckUnchanged(*input.external));
    for (const ExternalFile& part : input.parts) REEL_TRY(CheckUnchanged(part));
  }
  return {};
}

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
  const Meter meter;
  const Inputs inputs(*platform_->objects, job.spec.inputs);
  const auto artifacts = RunFunction(job, inputs);
  const Usage usage = meter.Read();
  if (!artifacts) {
    return RecordFailure(job, artifacts.error(), inputs.Lost(), usage);
  }
  const Status completed = platform_->jobs->Complete(
      job.record.id, job.record.fence, *artifacts, PartsOf(job.spec), usage);
  REEL_TRY(UnlessStale(completed));
  return UnlessStale(platform_->queue->Ack(job.lease));
}

Result<Artifacts> Worker::RunFunction(const Job& job, const Inputs& inputs) {
  const AnyTaskKind* kind = registry_->Find(job.spec.kind, job.spec.version);
  if (!kind) {
    return Fail(Code::kUnsupported,
                fmt::format("this program has no task {} version {}",
                            job.spec.kind, job.spec.version));
  }
  // A predecessor's failures include those whose worker vanished.
  if (job.record.failures >= job.spec.retry.max_attempts) {
    return Fail(Code::kTimeout, "the workers that had it vanished");
  }
  std::stop_source stop;
  Context context(stop.get_token());
  Outputs outputs(*platform_->objects, options_.scratch);
  const auto beat = [&] {
    const Status extended = platform_->queue->Extend(job.lease, options_.lease);
    const Status reported = platform_->jobs->Progress(
        job.record.id, job.record.fence, context.fraction());
    for (const Status* status : {&extended, &reported}) {
      // Any other error may pass by the next beat.
      if (!*status && status->error().code == Code::kConflict) {
        stop.request_stop();
      }
    }
    options_.notify();
  };
  const auto expire = [&] {
    const Error error{
        Code::kTimeout,
        fmt::format("timed out after {} s",
                    static_cast<double>(job.spec.timeout.count()) * 1e-3)};
    // A function that hangs cannot be stopped, but its process can.
    if (const Status status = RecordFailure(job, error, {}, {}); !status) {
      spdlog::error("{}", status.error().message);
    }
    ::_exit(kTimedOutExit);
  };
  const milliseconds interval =
      std::min(milliseconds(1000), options_.lease / 4);
  {
    const Heartbeat heartbeat(interval, job.spec.timeout, beat, expire);
    const Status done = kind->run(job.spec.params, inputs, outputs, context);
    // Nothing that was read of such a source counts, errors neither.
    REEL_TRY(CheckExternals(job.spec));
    REEL_TRY(done);
    return outputs.Commit();
  }
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
