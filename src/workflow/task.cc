#include "workflow/task.h"

#include <algorithm>
#include <set>

#include "base/digest.h"

namespace reel::workflow {
namespace {

using base::Json;
using std::chrono::milliseconds;

Json ToJson(const Part& part) {
  return {{"identity", part.identity}, {"outputs", part.outputs}};
}

Json ToJson(const RetryPolicy& retry) {
  return {{"max_attempts", retry.max_attempts},
          {"first_delay_ms", retry.first_delay.count()},
          {"max_delay_ms", retry.max_delay.count()}};
}

}  // namespace

TaskRegistry::TaskRegistry(std::vector<AnyTaskKind> kinds)
    : kinds_(std::move(kinds)) {
  std::ranges::sort(kinds_, {}, &AnyTaskKind::name);
  const auto twice = std::ranges::adjacent_find(kinds_, {}, &AnyTaskKind::name);
  REEL_CHECK(twice == kinds_.end());
}

const AnyTaskKind* TaskRegistry::Find(const std::string& name,
                                      int version) const {
  const auto found =
      std::ranges::lower_bound(kinds_, name, {}, &AnyTaskKind::name);
  if (found == kinds_.end() || found->name != name) return nullptr;
  return found->version == version ? &*found : nullptr;
}

std::vector<std::string> TaskRegistry::Services() const {
  std::set<std::string> services;
  for (const AnyTaskKind& kind : kinds_) services.insert(kind.service);
  return {services.begin(), services.end()};
}

std::string Identity(const TaskSpec& spec) {
  Json inputs = Json::object();
  for (const auto& [name, input] : spec.inputs) inputs[name] = input.digest;
  return base::Sha256(base::DumpJson({{"service", spec.service},
                                      {"kind", spec.kind},
                                      {"version", spec.version},
                                      {"params", spec.params},
                                      {"inputs", std::move(inputs)}}));
}

void to_json(Json& json, const TaskSpec& spec) {
  Json parts = Json::array();
  for (const Part& part : spec.parts) parts.push_back(ToJson(part));
  json = {{"service", spec.service},     {"kind", spec.kind},
          {"version", spec.version},     {"params", spec.params},
          {"inputs", spec.inputs},       {"label", spec.label},
          {"priority", spec.priority},   {"cost", spec.cost},
          {"retry", ToJson(spec.retry)}, {"timeout_ms", spec.timeout.count()},
          {"parts", std::move(parts)}};
}

void from_json(const Json& json, TaskSpec& spec) {
  json.at("service").get_to(spec.service);
  json.at("kind").get_to(spec.kind);
  json.at("version").get_to(spec.version);
  spec.params = json.at("params");
  json.at("inputs").get_to(spec.inputs);
  json.at("label").get_to(spec.label);
  json.at("priority").get_to(spec.priority);
  json.at("cost").get_to(spec.cost);
  const Json& retry = json.at("retry");
  spec.retry = {retry.at("max_attempts").get<int>(),
                milliseconds(retry.at("first_delay_ms").get<int64_t>()),
                milliseconds(retry.at("max_delay_ms").get<int64_t>())};
  spec.timeout = milliseconds(json.at("timeout_ms").get<int64_t>());
  spec.parts.clear();
  for (const Json& part : json.at("parts")) {
    spec.parts.push_back({part.at("identity").get<std::string>(),
                          part.at("outputs").get<std::vector<std::string>>()});
  }
}

}  // namespace reel::workflow
