// A job's graph, which grows as planning results arrive.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "platform/job_store.h"
#include "platform/object_store.h"
#include "workflow/task.h"

namespace reel::workflow {

class Plan;

// What a job needs, as a pure function of what is finished: the orchestrator
// evaluates it again whenever tasks have finished. It asks for tasks with
// plan.Want; where an answer is not there yet it goes on with what it can do
// without, and returns. The job is done when nothing it wants is unfinished.
//
// There is no other state: a rerun, or a changed recipe, finds every finished
// task by its identity.
class Graph {
 public:
  virtual ~Graph() = default;
  // An error ends the job at once, e.g. kRejected.
  virtual base::Status Expand(Plan& plan) = 0;
};

struct WantedTask {
  std::string id;
  TaskSpec spec;
};

// Answers a graph's questions. Remembers finished tasks and parsed artifacts
// between evaluations, so that one costs little. One thread.
class Plan {
 public:
  // Both outlive this.
  Plan(platform::JobStore& jobs, platform::ObjectStore& objects);

  // The artifacts of that task if it is finished, else nullptr. Valid during
  // this evaluation.
  const platform::Artifacts* Want(const TaskSpec& spec);

  // Whether that task, an optional one, has failed in this run and will not be
  // tried again in it: the graph does without.
  bool HasFailed(const TaskSpec& spec) const;

  // Joins the tasks of those indices (ascending, at least one) into one task
  // that makes all their outputs; with one index, that task itself.
  using Combine = std::function<TaskSpec(const std::vector<size_t>& indices)>;
  struct Collated {
    TaskSpec spec;
    std::vector<std::string> outputs;  // what its function writes
  };
  // As Want for each of `singles`; but those that are not done yet are made by
  // one task together. When that finishes, each of them counts as done under
  // its own identity, so that a single one that is wanted later is made alone.
  // The outputs of a single have the same names and bytes either way.
  std::vector<const platform::Artifacts*> WantCollated(
      std::span<const Collated> singles, const Combine& combine);

  // An artifact, parsed; at the second call it comes from memory.
  // An object that is damaged or missing is made again: the error returned
  // here then only ends this evaluation, not the job.
  template <typename T>
  base::Result<const T*> Read(const platform::Object& object) {
    std::any& slot = parsed_[object.digest + typeid(T).name()];
    if (!slot.has_value()) {
      REEL_ASSIGN(const base::Json json, ReadJson(object));
      REEL_ASSIGN(T value, base::FromJson<T>(json));
      slot = std::move(value);
    }
    return std::any_cast<T>(&slot);
  }
  base::Result<base::Json> ReadJson(const platform::Object& object);

  // For the orchestrator --------------------------------------------------

  struct Round {
    base::Status status;             // a store's error, or the graph's
    std::vector<WantedTask> wanted;  // and unfinished
    bool again = false;              // a lost object was found: evaluate again
  };
  Round Evaluate(Graph& graph);
  // A task has finished, or no longer is (nullptr).
  //   wanted  whether the job has wanted it itself
  void Update(const std::string& id, const platform::Artifacts* artifacts,
              bool wanted);
  // Finished tasks that the graph counts on without having wanted them itself,
  // since this was asked last.
  std::vector<std::string> TakeUses() { return std::exchange(uses_, {}); }
  // An optional task has failed for good.
  void NoteFailed(const std::string& id) { failed_.insert(id); }
  // How many finished tasks were found that this Plan has not seen run.
  int64_t reused() const { return reused_; }

 private:
  const platform::Artifacts* Lookup(const std::string& id);
  const platform::Artifacts* WantAs(const std::string& id,
                                    const TaskSpec& spec);
  // The error, once it is noted whether the object can be made again.
  tl::unexpected<base::Error> Lose(const platform::Object& object,
                                   const base::Error& error);

  platform::JobStore* jobs_;
  platform::ObjectStore* objects_;
  // By task id: the artifacts of finished tasks, and none for other tasks that
  // have been looked up.
  struct Known {
    std::unique_ptr<platform::Artifacts> artifacts;
    bool is_ours = false;  // wanted by the job, or told by TakeUses
  };
  std::unordered_map<std::string, Known> known_;
  std::vector<std::string> uses_;
  // By the id of a single, the whole that is to make it: the decision stays
  // while singles of it finish one by one through other jobs.
  std::unordered_map<std::string, WantedTask> collated_;
  std::unordered_map<std::string, std::any> parsed_;
  std::unordered_set<std::string> failed_;
  std::vector<WantedTask> wanted_;
  std::unordered_set<std::string> wanted_ids_;
  base::Status status_;
  bool lost_ = false;
  int64_t reused_ = 0;
};

}  // namespace reel::workflow
