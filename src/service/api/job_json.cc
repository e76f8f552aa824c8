#include "service/api/job_json.h"

#include <map>
#include <string>
#include <utility>

#include "service/api/timestamp.h"
#include "service/api/title_result.h"

namespace reel::service::api {
namespace {

using base::Json;
using platform::AttemptOutcome;
using platform::FleetJob;
using platform::JobAttempt;
using platform::JobEventRecord;
using platform::JobTask;

Json ErrorJson(const std::optional<base::Error>& error) {
  if (!error) return nullptr;
  return {{"code", base::CodeName(error->code)}, {"message", error->message}};
}

const char* Name(AttemptOutcome outcome) {
  switch (outcome) {
    case AttemptOutcome::kRunning:
      return "running";
    case AttemptOutcome::kDone:
      return "done";
    case AttemptOutcome::kFailed:
      return "failed";
    case AttemptOutcome::kReleased:
      return "released";
  }
  return "failed";
}

double ProgressOf(const FleetJob& job) {
  if (job.state == platform::JobState::kDone) return 1;
  const auto& tasks = job.tasks;
  const int64_t all = tasks.queued + tasks.running + tasks.done + tasks.failed;
  return all == 0 ? 0
                  : static_cast<double>(tasks.done) / static_cast<double>(all);
}

Json TaskJson(const JobTask& task) {
  return {{"id", task.id},
          {"label", task.label},
          {"state", platform::Name(task.state)},
          {"cost_seconds", task.cost_seconds},
          {"fraction", task.fraction},
          {"failures", task.failures},
          {"worker", task.worker},
          {"error", ErrorJson(task.error)}};
}

// How many files a finished title has, and where its page is.
Json SummaryOf(const std::string& text) {
  const auto result = ParseTitleResult(text);
  if (!result || result->files.empty()) return nullptr;
  int64_t size_bytes = 0;
  for (const auto& [path, file] : result->files) size_bytes += file.size_bytes;
  return {{"files", result->files.size()},
          {"size_bytes", size_bytes},
          {"page", result->page}};
}

}  // namespace

std::string ShownUrl(const std::string& url) {
  return url.substr(0, url.find('?'));
}

Json JobJson(const FleetJob& job) {
  const platform::NewJob& spec = job.spec;
  return {{"id", job.id},
          {"title", spec.title},
          {"source", ShownUrl(spec.source)},
          {"recipe", spec.recipe_name},
          {"priority", platform::Name(spec.priority)},
          {"deadline", JsonTime(spec.deadline_ms)},
          {"has_webhook", !spec.webhook.empty()},
          {"submitted_by", spec.submitted_by},
          {"trace", spec.trace},
          {"state", platform::Name(job.state)},
          {"error", ErrorJson(job.error)},
          {"created", JsonTime(job.created_ms)},
          {"started", JsonTime(job.started_ms)},
          {"ended", JsonTime(job.ended_ms)}};
}

Json ProgressJson(const FleetJob& job) {
  return {{"state", platform::Name(job.state)},
          {"tasks",
           {{"queued", job.tasks.queued},
            {"running", job.tasks.running},
            {"done", job.tasks.done},
            {"failed", job.tasks.failed}}},
          {"progress", ProgressOf(job)}};
}

Json JobDetailJson(const FleetJob& job) {
  Json json = JobJson(job);
  json.update(ProgressJson(job));
  json["result"] = SummaryOf(job.result);
  return json;
}

Json TaskTreeJson(std::span<const JobTask> tasks) {
  std::map<std::string, std::map<std::string, Json>> tree;
  for (const JobTask& task : tasks) {
    Json& kind = tree[task.service][task.kind];
    if (kind.is_null()) kind = Json::array();
    kind.push_back(TaskJson(task));
  }
  Json services = Json::array();
  for (auto& [service, kinds] : tree) {
    Json list = Json::array();
    for (auto& [kind, leaves] : kinds)
      list.push_back({{"kind", kind}, {"tasks", std::move(leaves)}});
    services.push_back({{"service", service}, {"kinds", std::move(list)}});
  }
  return services;
}

Json AttemptJson(const JobAttempt& given) {
  const platform::Attempt& attempt = given.attempt;
  return {{"fence", attempt.fence},
          {"worker", attempt.worker},
          {"host", given.host},
          {"outcome", Name(attempt.outcome)},
          {"started", JsonTime(given.started_ms)},
          {"ended", JsonTime(given.ended_ms)},
          {"cpu_seconds", attempt.usage.cpu_seconds},
          {"wall_seconds", attempt.usage.wall_seconds},
          {"peak_rss_bytes", attempt.usage.peak_rss_bytes},
          {"error", attempt.error},
          {"signal", given.signal},
          {"exit_code", given.exit_code},
          {"last_words", given.last_words}};
}

Json EventJson(const JobEventRecord& event) {
  auto data = base::ParseJson(event.data);
  return {
      {"sequence", event.sequence},
      {"job", event.job_id},
      {"at", JsonTime(event.at_ms)},
      {"kind", event.kind},
      {"data", data && data->is_object() ? *std::move(data) : Json::object()}};
}

}  // namespace reel::service::api
