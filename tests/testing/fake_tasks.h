// Small tasks for testing the engine: files, failures, crashes.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/file.h"
#include "workflow/graph.h"
#include "workflow/task.h"

namespace reel::workflow {

// Writes `bytes` bytes that depend on `seed`, then does what `fault` says, in a
// way that only the first attempts suffer: a fault is used up by making the
// file `once` (a task's one look at the world, for the test's sake).
struct MakeParams {
  int seed = 0;
  int bytes = 0;
  std::string fault;  // "", "crash", "hang", "stop", "error", "fatal"
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

inline std::vector<uint8_t> BytesOf(int seed, int count) {
  std::mt19937 random(static_cast<unsigned>(seed));
  std::vector<uint8_t> bytes(static_cast<size_t>(count));
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

// Whether the fault is still to happen.
inline bool Strikes(const MakeParams& params) {
  if (params.fault.empty()) return false;
  if (params.once.empty()) return true;
  return base::File::Create(params.once).has_value();
}

inline base::Status Suffer(const std::string& fault) {
  if (fault == "crash") {
    fmt::print(stderr, "codec: cannot allocate\nmacroblock 7\n");
    ::raise(SIGSEGV);
  }
  if (fault == "hang") {
    for (;;) ::pause();
  }
  if (fault == "stop") ::raise(SIGSTOP);
  if (fault == "fatal")
    return base::Fail(base::Code::kUnsupported, "as the test wants");
  return base::Fail(base::Code::kIo, "as the test wants");
}

inline base::Status RunMake(const MakeParams& params, const Inputs& inputs,
                            Outputs& outputs, Context& context) {
  for (const std::string& name : inputs.NamesWithPrefix("")) {
    REEL_TRY(inputs.Bytes(name));
  }
  if (Strikes(params)) REEL_TRY(Suffer(params.fault));
  context.Progress(0.5);
  REEL_TRY(outputs.PutBytes(fmt::format("made-{}", params.seed),
                            BytesOf(params.seed, params.bytes)));
  return outputs.PutJson("facts", {{"count", params.seed}});
}

inline base::Status RunMakeMany(const MakeManyParams& params, const Inputs&,
                                Outputs& outputs, Context&) {
  for (const int seed : params.seeds) {
    REEL_TRY(
        outputs.PutBytes(fmt::format("made-{}", seed), BytesOf(seed, 50'000)));
  }
  return {};
}

inline base::Status RunJoin(const JoinParams&, const Inputs& inputs,
                            Outputs& outputs, Context&) {
  std::vector<uint8_t> all;
  for (const std::string& name : inputs.NamesWithPrefix("part/")) {
    REEL_ASSIGN(const auto bytes, inputs.Bytes(name));
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return outputs.PutBytes("out", all);
}

inline const TaskKind<MakeParams> kMake{
    .name = "make",
    .service = "making",
    .retry = {.max_attempts = 4,
              .first_delay = std::chrono::milliseconds(10),
              .max_delay = std::chrono::milliseconds(50)},
    .timeout = std::chrono::milliseconds(1500),
    .run = RunMake};
inline const TaskKind<MakeManyParams> kMakeMany{
    .name = "make_many", .service = "making", .run = RunMakeMany};
inline const TaskKind<JoinParams> kJoin{
    .name = "join", .service = "joining", .run = RunJoin};

inline TaskRegistry FakeTasks() {
  return TaskRegistry({Erase(kMake), Erase(kMakeMany), Erase(kJoin)});
}

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

inline base::Status FakeGraph::Expand(Plan& plan) {
  result_.reset();
  const auto* first = plan.Want(MakeSpec(kMake, {makes_, 10, "", ""}));
  if (!first) return {};
  REEL_ASSIGN(const base::Json* facts,
              plan.Read<base::Json>(first->at("facts")));
  const int count = facts->at("count").get<int>();
  std::map<std::string, Input> made;
  bool complete = true;
  const auto take = [&](const platform::Artifacts* artifacts,
                        const std::string& name) {
    complete = complete && artifacts != nullptr;
    if (artifacts) made["part/" + name] = artifacts->at(name);
  };
  for (int i = 0; i < count; ++i) {
    TaskSpec spec = MakeSpec(kMake, {1000 + i, 100'000, "", ""},
                             {{"facts", first->at("facts")}});
    spec.label = fmt::format("{}", i);
    take(plan.Want(spec), fmt::format("made-{}", 1000 + i));
  }
  std::vector<Plan::Collated> singles;
  for (int i = 0; i < 3; ++i) {
    singles.push_back(
        {MakeSpec(kMakeMany, {{i}}), {fmt::format("made-{}", i)}});
  }
  const auto many = plan.WantCollated(singles, [](const auto& indices) {
    return MakeSpec(kMakeMany, {{indices.begin(), indices.end()}});
  });
  for (size_t i = 0; i < many.size(); ++i) {
    take(many[i], fmt::format("made-{}", i));
  }
  if (!complete) return {};
  const auto* joined = plan.Want(MakeSpec(kJoin, {}, made));
  if (joined) result_ = joined->at("out");
  return {};
}

}  // namespace reel::workflow
