// Small tasks for testing the engine: files, failures, crashes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workflow/graph.h"
#include "workflow/task.h"

namespace reel::workflow {

// Writes `bytes` bytes that depend on `seed`, then does what `fault` says, in a
// way that only the first attempts suffer: a fault is used up by making the
// file `once` (a task's one look at the world, for the test's sake).
struct MakeParams {
  int seed = 0;
  int bytes = 0;
  std::string fault;  // "", "crash", "hang", "error", "fatal"
  std::string once;   // "" for every time
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MakeParams, seed, bytes, fault, once)

// As many makes for one task, each writing NAME.
struct MakeManyParams {
  std::vector<int> seeds;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MakeManyParams, seeds)

// Concatenates its inputs into "out", in order of their names.
struct JoinParams {};
inline void to_json(base::Json& json, const JoinParams&) {
  json = base::Json::object();
}
inline void from_json(const base::Json&, JoinParams&) {}

extern const TaskKind<MakeParams> kMake;
extern const TaskKind<MakeManyParams> kMakeMany;
extern const TaskKind<JoinParams> kJoin;
TaskRegistry FakeTasks();

// A graph whose shape depends on a result, like that of a title: a first task
// says how many there are to make; some are made by collated tasks; all are
// joined.
class FakeGraph : public Graph {
 public:
  explicit FakeGraph(int makes) : makes_(makes) {}
  base::Status Expand(Plan& plan) override;
  // The joined artifact, once everything is done.
  const std::optional<platform::Object>& result() const { return result_; }

 private:
  int makes_;
  std::optional<platform::Object> result_;
};

}  // namespace reel::workflow
