#include "workflow/task_run.h"

#include <fmt/format.h>

#include "workflow/heartbeat.h"
#include "workflow/process_usage.h"

namespace reel::workflow {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using platform::Artifacts;
using platform::Usage;
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

Result<Artifacts> RunFunction(const TaskSpec& spec,
                              const TaskRegistry& registry,
                              const Inputs& inputs, Outputs& outputs,
                              const TaskHooks& hooks) {
  const AnyTaskKind* kind = registry.Find(spec.kind, spec.version);
  if (!kind) {
    return Fail(Code::kUnsupported,
                fmt::format("this program has no task {} version {}", spec.kind,
                            spec.version));
  }
  std::stop_source stop;
  Context context(stop.get_token());
  const auto beat = [&] {
    if (!hooks.beat(context.fraction())) stop.request_stop();
  };
  const Heartbeat heartbeat(hooks.interval, spec.timeout, beat, hooks.expire);
  const Status done = kind->run(spec.params, inputs, outputs, context);
  // Nothing that was read of such a source counts, errors neither.
  REEL_TRY(CheckExternals(spec));
  REEL_TRY(done);
  return outputs.Commit();
}

}  // namespace

TaskEnd RunTask(const TaskSpec& spec, const TaskRegistry& registry,
                platform::ObjectStore& objects, const std::string& scratch,
                const TaskHooks& hooks) {
  const Meter meter;
  const Inputs inputs(objects, spec.inputs);
  Outputs outputs(objects, scratch);
  auto artifacts = RunFunction(spec, registry, inputs, outputs, hooks);
  const Usage usage = meter.Read();
  std::vector<std::string> lost;
  if (!artifacts) lost = inputs.Lost();
  return {std::move(artifacts), std::move(lost), usage, inputs.read_bytes()};
}

}  // namespace reel::workflow
