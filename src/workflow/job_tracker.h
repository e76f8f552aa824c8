// How far one job is: what its graph wants, and what has become of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "platform/state_directory.h"
#include "workflow/graph.h"

namespace reel::workflow {

struct TaskFailure {
  std::string id;
  std::string kind;
  std::string label;
  base::Error error;
  int attempts = 0;
};

// Told what happens, on the thread of whoever runs the job. Every task that is
// wanted and not reused ends with Finished or Failed, unless the run itself
// ends early; a short one may never be seen to start.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void Wanted(const WantedTask&) {}
  virtual void Started(const WantedTask&, const std::string& /*worker*/) {}
  virtual void Progressed(const WantedTask&, double /*fraction*/) {}
  virtual void Finished(const WantedTask&) {}
  virtual void Retried(const WantedTask&, const base::Error&) {}
  virtual void Failed(const WantedTask&, const base::Error&) {}
  // Called a few times a second, for rates and remaining time.
  virtual void Tick() {}
};

// A task of the job that is not finished. Of its spec only what people and
// queues need: the job store has the whole.
struct OpenTask {
  WantedTask wanted;
  platform::TaskState state = platform::TaskState::kIdle;
  int failures = 0;
  double fraction = 0;
  std::optional<base::Error> error;
};

// One thread.
class JobTracker {
 public:
  // kYes: a task whose inputs are not in the store is not given out; their
  // makers are forgotten and wanted first. kNo leaves that to who runs it.
  enum class LookForInputs { kYes, kNo };
  // All outlive this.
  JobTracker(Graph& graph, platform::Platform& platform, Observer& observer,
             LookForInputs look);

  // Whether the graph's answer may be another one than the last time.
  bool is_due() const { return is_due_; }
  // Evaluates the graph. What is to be queued now; when that is done, the
  // caller says so by Queued.
  // Errors: the graph's, those of the stores; kNotFound (an input is missing,
  // and no task makes it).
  base::Result<std::vector<WantedTask>> Evaluate();
  // How long the last evaluation took, and when it ended.
  std::chrono::steady_clock::duration evaluation_took() const { return took_; }
  std::chrono::steady_clock::time_point evaluated() const { return evaluated_; }
  void Queued(const std::vector<WantedTask>& tasks);
  // They were not all queued: the next evaluation wants them again.
  void EvaluateAgain() { is_due_ = true; }
  // A task's row, as it is now; of any job.
  void Follow(const platform::TaskRecord& record);

  // What the graph wants still, failed tasks apart.
  size_t Unfinished() const;
  // Nothing is to be done any more, but for what failed.
  bool IsFinished() const { return !is_due_ && Unfinished() == 0; }
  // What the job cannot do without, in order of kind and label.
  std::vector<TaskFailure> Failures() const;
  // nullptr if it is not open.
  const OpenTask* Find(const std::string& id) const;
  const std::unordered_map<std::string, OpenTask>& open() const {
    return open_;
  }
  int64_t reused() const { return plan_.reused(); }
  // See Plan.
  std::vector<std::string> TakeUses() { return plan_.TakeUses(); }

 private:
  base::Result<bool> HasInputs(const WantedTask& task);

  Graph& graph_;
  platform::Platform& platform_;
  Observer& observer_;
  const LookForInputs look_;
  Plan plan_;
  std::unordered_map<std::string, OpenTask> open_;  // by task id
  std::unordered_set<std::string> wanted_;          // by the last evaluation
  std::unordered_set<std::string> present_;         // objects seen in the store
  bool is_due_ = true;
  std::chrono::steady_clock::time_point evaluated_{};
  std::chrono::steady_clock::duration took_{};
};

}  // namespace reel::workflow
