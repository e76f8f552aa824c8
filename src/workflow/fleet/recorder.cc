#include "workflow/fleet/recorder.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "workflow/fleet/watch.h"

namespace reel::workflow::fleet {
namespace {

using base::Status;
using platform::EndedAttempt;
using std::chrono::milliseconds;

constexpr int kMostAtOnce = 500;
constexpr milliseconds kWait{250};

EndedAttempt::End EndFrom(AttemptEnd end) {
  switch (end) {
    case AttemptEnd::kDone:
      return EndedAttempt::End::kDone;
    case AttemptEnd::kFailed:
      return EndedAttempt::End::kFailed;
    case AttemptEnd::kReleased:
      return EndedAttempt::End::kReleased;
  }
  return EndedAttempt::End::kFailed;
}

}  // namespace

Recorder::Recorder(platform::MessageBus& bus, platform::TaskLedger& ledger,
                   platform::JobStore& jobs,
                   std::function<void(const Told&)> told)
    : bus_(bus), ledger_(ledger), jobs_(jobs), told_(std::move(told)) {}

Status Recorder::Round() {
  REEL_ASSIGN(const auto reports, bus_.TakeReports(kMostAtOnce, kWait));
  if (reports.empty()) return {};
  std::vector<EndedAttempt> ended;
  Told told;
  for (const platform::Report& report : reports) {
    auto parsed = base::ParseJsonAs<AttemptReport>(report.body);
    if (parsed) {
      ended.push_back(EndOf(*parsed));
      Count(*parsed, told);
    } else {
      spdlog::error("a report that is none: {}", parsed.error().message);
    }
  }
  if (!ended.empty()) {
    REEL_ASSIGN(told.recorded, ledger_.Record(ended, JudgeBySpec));
    told_(told);
    REEL_TRY(StopOthers(told.recorded.stop));
  }
  return bus_.DoneWith(reports);
}

void Recorder::Count(const AttemptReport& report, Told& told) {
  told.read_bytes += report.read_bytes;
  for (const auto& [name, object] : report.artifacts)
    told.written_bytes += object.size_bytes;
  if (report.end == AttemptEnd::kFailed && report.error)
    ++told.errors[base::CodeName(report.error->code)];
}

EndedAttempt Recorder::EndOf(const AttemptReport& report) {
  EndedAttempt ended{
      .task_id = report.task_id,
      .fence = report.fence,
      .end = EndFrom(report.end),
      .artifacts = report.artifacts,
      .error = report.error.value_or(base::Error{base::Code::kInternal, ""}),
      .crashed = report.crashed,
      .signal = report.signal,
      .exit_code = report.exit_code,
      .last_words = report.last_words,
      .usage = report.usage};
  for (const Part& part : report.parts)
    ended.parts.push_back({part.identity, part.outputs});
  for (const std::string& digest : report.lost) {
    const auto makers = jobs_.Forget(digest);
    if (!makers) {
      spdlog::warn("forget {}: {}", digest, makers.error().message);
    } else if (*makers > 0) {
      ended.lost_input = true;
    }
  }
  return ended;
}

Status Recorder::StopOthers(const std::vector<std::string>& task_ids) {
  if (task_ids.empty()) return {};
  return bus_.Send(kStopSubject, base::DumpJson(StopOrder{task_ids}));
}

}  // namespace reel::workflow::fleet
