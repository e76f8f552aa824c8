#include "workflow/fleet/messages.h"

#include <utility>

namespace reel::workflow::fleet {

using base::Json;

// In docs/formats/fleet-messages.md.
NLOHMANN_JSON_SERIALIZE_ENUM(StartVerdict, {{StartVerdict::kLater, "later"},
                                            {StartVerdict::kStart, "start"},
                                            {StartVerdict::kDrop, "drop"}})
NLOHMANN_JSON_SERIALIZE_ENUM(AttemptEnd, {{AttemptEnd::kFailed, "failed"},
                                          {AttemptEnd::kDone, "done"},
                                          {AttemptEnd::kReleased, "released"}})

base::LogFields LogFieldsOf(const platform::Lease& lease) {
  base::LogFields fields = {{"task", lease.task_id}};
  const auto payload = base::ParseJsonAs<TaskPayload>(lease.payload);
  if (payload && !payload->trace.empty()) fields["trace"] = payload->trace;
  return fields;
}

void to_json(Json& json, const TaskPayload& payload) {
  json = {{"kind", payload.kind},
          {"version", payload.version},
          {"trace", payload.trace}};
}

void from_json(const Json& json, TaskPayload& payload) {
  json.at("kind").get_to(payload.kind);
  json.at("version").get_to(payload.version);
  json.at("trace").get_to(payload.trace);
}

void to_json(Json& json, const StartRequest& request) {
  json = {{"worker", request.worker},
          {"host", request.host},
          {"tasks", request.task_ids}};
}

void from_json(const Json& json, StartRequest& request) {
  json.at("worker").get_to(request.worker);
  json.at("host").get_to(request.host);
  json.at("tasks").get_to(request.task_ids);
}

void to_json(Json& json, const StartedTask& task) {
  json = {{"task", task.task_id},
          {"verdict", task.verdict},
          {"fence", task.fence},
          {"failures", task.failures}};
  if (task.spec) json["spec"] = *task.spec;
}

void from_json(const Json& json, StartedTask& task) {
  json.at("task").get_to(task.task_id);
  json.at("verdict").get_to(task.verdict);
  json.at("fence").get_to(task.fence);
  json.at("failures").get_to(task.failures);
  task.spec.reset();
  if (json.contains("spec")) task.spec = json.at("spec").get<TaskSpec>();
}

void to_json(Json& json, const StartAnswer& answer) {
  json = {{"tasks", answer.tasks}};
}

void from_json(const Json& json, StartAnswer& answer) {
  json.at("tasks").get_to(answer.tasks);
}

static Json ToJson(const platform::Artifacts& artifacts) {
  Json json = Json::object();
  for (const auto& [name, object] : artifacts)
    json[name] = {{"digest", object.digest}, {"size", object.size_bytes}};
  return json;
}

static platform::Artifacts ArtifactsFrom(const Json& json) {
  platform::Artifacts artifacts;
  for (const auto& [name, object] : json.items()) {
    artifacts[name] = {object.at("digest").get<std::string>(),
                       object.at("size").get<int64_t>()};
  }
  return artifacts;
}

void to_json(Json& json, const AttemptReport& report) {
  Json parts = Json::array();
  for (const Part& part : report.parts)
    parts.push_back({{"identity", part.identity}, {"outputs", part.outputs}});
  json = {{"task", report.task_id},
          {"fence", report.fence},
          {"worker", report.worker},
          {"host", report.host},
          {"end", report.end},
          {"artifacts", ToJson(report.artifacts)},
          {"parts", std::move(parts)},
          {"crashed", report.crashed},
          {"signal", report.signal},
          {"exit_code", report.exit_code},
          {"last_words", report.last_words},
          {"lost", report.lost},
          {"cpu_seconds", report.usage.cpu_seconds},
          {"wall_seconds", report.usage.wall_seconds},
          {"peak_rss_bytes", report.usage.peak_rss_bytes},
          {"read_bytes", report.read_bytes}};
  if (report.error) {
    json["error"] = {{"code", base::CodeName(report.error->code)},
                     {"message", report.error->message}};
  }
}

void from_json(const Json& json, AttemptReport& report) {
  json.at("task").get_to(report.task_id);
  json.at("fence").get_to(report.fence);
  json.at("worker").get_to(report.worker);
  json.at("host").get_to(report.host);
  json.at("end").get_to(report.end);
  report.artifacts = ArtifactsFrom(json.at("artifacts"));
  report.parts.clear();
  for (const Json& part : json.at("parts")) {
    report.parts.push_back(
        {part.at("identity").get<std::string>(),
         part.at("outputs").get<std::vector<std::string>>()});
  }
  json.at("crashed").get_to(report.crashed);
  json.at("signal").get_to(report.signal);
  json.at("exit_code").get_to(report.exit_code);
  json.at("last_words").get_to(report.last_words);
  json.at("lost").get_to(report.lost);
  json.at("cpu_seconds").get_to(report.usage.cpu_seconds);
  json.at("wall_seconds").get_to(report.usage.wall_seconds);
  json.at("peak_rss_bytes").get_to(report.usage.peak_rss_bytes);
  report.read_bytes = json.value("read_bytes", int64_t{0});
  report.error.reset();
  if (json.contains("error")) {
    const Json& error = json.at("error");
    report.error =
        base::Error{base::CodeFromName(error.at("code").get<std::string>()),
                    error.at("message").get<std::string>()};
  }
}

static void to_json(Json& json, const RunningTask& task) {
  json = {{"task", task.task_id},
          {"fence", task.fence},
          {"fraction", task.fraction}};
}

static void from_json(const Json& json, RunningTask& task) {
  json.at("task").get_to(task.task_id);
  json.at("fence").get_to(task.fence);
  json.at("fraction").get_to(task.fraction);
}

void to_json(Json& json, const Beat& beat) {
  json = {{"worker", beat.worker},     {"host", beat.host},
          {"version", beat.version},   {"services", beat.services},
          {"slots", beat.slots},       {"load", beat.load},
          {"draining", beat.draining}, {"tasks", beat.tasks}};
}

void from_json(const Json& json, Beat& beat) {
  json.at("worker").get_to(beat.worker);
  json.at("host").get_to(beat.host);
  json.at("version").get_to(beat.version);
  json.at("services").get_to(beat.services);
  json.at("slots").get_to(beat.slots);
  json.at("load").get_to(beat.load);
  json.at("draining").get_to(beat.draining);
  json.at("tasks").get_to(beat.tasks);
}

void to_json(Json& json, const StopOrder& order) {
  json = {{"tasks", order.task_ids}};
}

void from_json(const Json& json, StopOrder& order) {
  json.at("tasks").get_to(order.task_ids);
}

}  // namespace reel::workflow::fleet
