// What a task is: a pure function, its parameters and its inputs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "workflow/task_io.h"

namespace reel::workflow {

struct RetryPolicy {
  int max_attempts = 4;
  std::chrono::milliseconds first_delay = std::chrono::seconds(1);
  std::chrono::milliseconds max_delay = std::chrono::minutes(2);
};

// A kind of task, declared as a constant in one file of workflow/tasks/. Params
// has to_json and from_json.
template <typename Params>
struct TaskKind {
  const char* name;
  const char* service;  // stage that its cost is counted under: "encode"
  int version = 1;      // bump when equal inputs may give other bytes
  RetryPolicy retry = {};
  std::chrono::milliseconds timeout = std::chrono::minutes(30);
  // Reads nothing but its parameters and inputs, writes nothing but outputs.
  base::Status (*run)(const Params&, const Inputs&, Outputs&, Context&);
};

// A kind whatever its parameters, for the worker.
struct AnyTaskKind {
  std::string name;
  std::string service;
  int version = 1;
  std::function<base::Status(const base::Json& params, const Inputs&, Outputs&,
                             Context&)>
      run;
};

template <typename Params>
AnyTaskKind Erase(const TaskKind<Params>& kind) {
  return {kind.name, kind.service, kind.version,
          [run = kind.run](const base::Json& json, const Inputs& inputs,
                           Outputs& outputs, Context& context) -> base::Status {
            REEL_ASSIGN(const Params params, base::FromJson<Params>(json));
            return run(params, inputs, outputs, context);
          }};
}

// All kinds that a worker can run. Names are unique.
class TaskRegistry {
 public:
  explicit TaskRegistry(std::vector<AnyTaskKind> kinds);
  // nullptr if there is no such kind in that version.
  const AnyTaskKind* Find(const std::string& name, int version) const;
  // Of all kinds, each once, sorted.
  std::vector<std::string> Services() const;

 private:
  std::vector<AnyTaskKind> kinds_;
};

// A task that is made along the way by another one (see Plan::WantCollated).
struct Part {
  std::string identity;
  std::vector<std::string> outputs;  // which of the whole task's outputs
};

struct TaskSpec {
  // The identity: docs/formats/task-identity.md.
  std::string service;
  std::string kind;
  int version = 1;
  base::Json params;
  std::map<std::string, Input> inputs;  // by the name the function asks for

  // Not part of the identity.
  std::string label;  // for people: "chunk 17"
  int priority = 0;   // higher goes first
  double cost = 1;    // estimated CPU seconds: long tasks go first
  RetryPolicy retry;
  std::chrono::milliseconds timeout = std::chrono::minutes(30);
  // The job can do without: see Plan::HasFailed.
  bool optional = false;
  std::vector<Part> parts;
};

// What people call a task: "encode_chunk (chunk 3)", or its kind alone.
inline std::string TaskName(const std::string& kind, const std::string& label) {
  return label.empty() ? kind : kind + " (" + label + ")";
}

template <typename Params>
TaskSpec MakeSpec(const TaskKind<Params>& kind, const Params& params,
                  std::map<std::string, Input> inputs = {}) {
  TaskSpec spec;
  spec.service = kind.service;
  spec.kind = kind.name;
  spec.version = kind.version;
  spec.params = params;
  spec.inputs = std::move(inputs);
  spec.retry = kind.retry;
  spec.timeout = kind.timeout;
  return spec;
}

// SHA-256 of (service, kind, version, parameters, names and digests of the
// inputs). Pure.
std::string Identity(const TaskSpec& spec);

void to_json(base::Json& json, const TaskSpec& spec);
void from_json(const base::Json& json, TaskSpec& spec);

}  // namespace reel::workflow
