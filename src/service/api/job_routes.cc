#include <fmt/format.h>

#include <array>

#include "service/api/job_json.h"
#include "service/api/routes.h"
#include "service/api/submission.h"
#include "service/api/title_result.h"

namespace reel::service::api {
namespace {

using base::Code;
using base::Fail;
using base::Json;
using base::Result;
using platform::FleetJob;
using platform::JobState;
using platform::TaskState;

constexpr int kMaxJobs = 500;
constexpr int kMaxTasks = 1000;
constexpr int kUsualPage = 50;

Result<FleetJob> FindJob(const ApiBackend& backend, const std::string& id) {
  REEL_ASSIGN(auto job, backend.board->Find(id));
  if (!job) return Fail(Code::kNotFound, "no job " + id);
  return *std::move(job);
}

// nullopt for ""; kInvalidArgument for a name of none of `states`.
template <typename State, size_t kCount>
Result<std::optional<State>> StateOf(const std::string& name,
                                     const std::array<State, kCount>& states) {
  if (name.empty()) return std::nullopt;
  for (const State state : states)
    if (name == platform::Name(state)) return state;
  return Fail(Code::kInvalidArgument, "there is no state " + name);
}

Result<platform::JobFilter> ReadFilter(const ApiRequest& request) {
  constexpr std::array kStates = {JobState::kQueued, JobState::kRunning,
                                  JobState::kDone, JobState::kFailed,
                                  JobState::kCancelled};
  constexpr const char* kNames[] = {"state", "priority", "title",
                                    "key",   "before",   "limit"};
  REEL_TRY(request.OnlyQuery(kNames));
  platform::JobFilter filter;
  REEL_ASSIGN(filter.state, StateOf(request.Query("state"), kStates));
  if (const std::string name = request.Query("priority"); !name.empty()) {
    filter.priority = platform::JobPriorityFromName(name);
    if (!filter.priority)
      return Fail(Code::kInvalidArgument, "there is no priority " + name);
  }
  filter.title_contains = request.Query("title");
  filter.idempotency_key = request.Query("key");
  filter.before = request.Query("before");
  REEL_ASSIGN(const int64_t limit,
              request.QueryNumber("limit", kUsualPage, 1, kMaxJobs));
  filter.limit = static_cast<int>(limit);
  return filter;
}

// How to go on after a page; null after the last one. A page that is just full
// may be followed by an empty one.
template <typename Rows>
Json NextOf(const Rows& rows, int limit) {
  if (rows.size() < static_cast<size_t>(limit)) return nullptr;
  return rows.back().id;
}

Result<Answer> SubmitJob(const ApiBackend& backend, const ApiRequest& request) {
  REEL_ASSIGN(const platform::NewJob job, ReadSubmission(request, backend));
  REEL_ASSIGN(const auto submitted, backend.board->Submit(job));
  Answer answer =
      JsonAnswer(JobDetailJson(submitted.job), submitted.is_new ? 201 : 200);
  answer.headers["Location"] = "/v1/jobs/" + submitted.job.id;
  return answer;
}

Result<Answer> ListJobs(const ApiBackend& backend, const ApiRequest& request) {
  REEL_ASSIGN(const platform::JobFilter filter, ReadFilter(request));
  REEL_ASSIGN(const auto jobs, backend.board->List(filter));
  Json list = Json::array();
  for (const FleetJob& job : jobs) list.push_back(JobJson(job));
  return JsonAnswer(
      {{"jobs", std::move(list)}, {"next", NextOf(jobs, filter.limit)}});
}

Result<Answer> ShowJob(const ApiBackend& backend, const ApiRequest& request) {
  REEL_ASSIGN(const FleetJob job, FindJob(backend, request.ids[0]));
  return JsonAnswer(JobDetailJson(job));
}

Result<Answer> ListTasks(const ApiBackend& backend, const ApiRequest& request) {
  constexpr std::array kStates = {TaskState::kIdle, TaskState::kQueued,
                                  TaskState::kRunning, TaskState::kDone,
                                  TaskState::kFailed};
  constexpr const char* kNames[] = {"state", "after", "limit"};
  REEL_TRY(request.OnlyQuery(kNames));
  REEL_ASSIGN(const auto state, StateOf(request.Query("state"), kStates));
  REEL_ASSIGN(const int64_t limit,
              request.QueryNumber("limit", kUsualPage, 1, kMaxTasks));
  REEL_ASSIGN(const FleetJob job, FindJob(backend, request.ids[0]));
  const int most = static_cast<int>(limit);
  REEL_ASSIGN(
      const auto tasks,
      backend.board->TasksOf(job.id, state, request.Query("after"), most));
  return JsonAnswer(
      {{"services", TaskTreeJson(tasks)}, {"next", NextOf(tasks, most)}});
}

Result<Answer> ListAttempts(const ApiBackend& backend,
                            const ApiRequest& request) {
  REEL_TRY(FindJob(backend, request.ids[0]));
  REEL_ASSIGN(const auto attempts, backend.board->AttemptsOf(request.ids[1]));
  Json list = Json::array();
  for (const auto& attempt : attempts) list.push_back(AttemptJson(attempt));
  return JsonAnswer({{"attempts", std::move(list)}});
}

Result<Answer> CancelJob(const ApiBackend& backend, const ApiRequest& request) {
  REEL_TRY(backend.board->Cancel(request.ids[0]));
  return ShowJob(backend, request);
}

Result<Answer> RetryJob(const ApiBackend& backend, const ApiRequest& request) {
  REEL_TRY(backend.board->Retry(request.ids[0]));
  return ShowJob(backend, request);
}

// That of a rejected source is its inspection.
Result<Answer> ShowReport(const ApiBackend& backend,
                          const ApiRequest& request) {
  REEL_ASSIGN(const FleetJob job, FindJob(backend, request.ids[0]));
  REEL_ASSIGN(const TitleResult result, ParseTitleResult(job.result));
  const Json& report = job.state == JobState::kFailed && result.report.is_null()
                           ? result.inspection
                           : result.report;
  if (report.is_null()) {
    return Fail(Code::kConflict,
                fmt::format("job {} is {} and has no report", job.id,
                            platform::Name(job.state)));
  }
  return JsonAnswer(report);
}

Result<Answer> ListArtifacts(const ApiBackend& backend,
                             const ApiRequest& request) {
  REEL_ASSIGN(const FleetJob job, FindJob(backend, request.ids[0]));
  if (job.state != JobState::kDone) {
    return Fail(Code::kConflict, fmt::format("job {} is {}, not done", job.id,
                                             platform::Name(job.state)));
  }
  REEL_ASSIGN(const TitleResult result, ParseTitleResult(job.result));
  Json files = Json::array();
  for (const auto& [path, file] : result.files) {
    REEL_ASSIGN(const std::string url,
                backend.file_url(job.id, path, file.digest));
    files.push_back({{"path", path},
                     {"digest", file.digest},
                     {"size_bytes", file.size_bytes},
                     {"url", url}});
  }
  return JsonAnswer({{"files", std::move(files)}, {"page", result.page}});
}

Result<Answer> EstimateJob(const ApiBackend& backend,
                           const ApiRequest& request) {
  REEL_ASSIGN(const EstimateQuestion question,
              ReadEstimateQuestion(request, backend));
  if (!backend.estimate)
    return Fail(Code::kUnsupported, "this service gives no estimates");
  REEL_ASSIGN(const Estimate estimate, backend.estimate(question));
  return JsonAnswer(
      {{"cpu_hours", estimate.cpu_seconds / 3600},
       {"size_bytes", estimate.size_bytes},
       {"seconds", estimate.seconds ? Json(*estimate.seconds) : Json()}});
}

constexpr Route kRoutes[] = {
    {"POST", "/v1/jobs", Access::kOperator, SubmitJob},
    {"GET", "/v1/jobs", Access::kViewer, ListJobs},
    {"GET", "/v1/jobs/{job}", Access::kViewer, ShowJob},
    {"GET", "/v1/jobs/{job}/tasks", Access::kViewer, ListTasks},
    {"GET", "/v1/jobs/{job}/tasks/{task}/attempts", Access::kViewer,
     ListAttempts},
    {"POST", "/v1/jobs/{job}/cancel", Access::kOperator, CancelJob},
    {"POST", "/v1/jobs/{job}/retry", Access::kOperator, RetryJob},
    {"GET", "/v1/jobs/{job}/report", Access::kViewer, ShowReport},
    {"GET", "/v1/jobs/{job}/artifacts", Access::kViewer, ListArtifacts},
    {"POST", "/v1/estimate", Access::kOperator, EstimateJob},
};

}  // namespace

std::span<const Route> JobRoutes() { return kRoutes; }

}  // namespace reel::service::api
