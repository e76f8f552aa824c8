#include "fake_tasks.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <random>

#include "base/file.h"

namespace reel::workflow {
namespace {

using base::Code;
using base::Fail;
using base::Status;

std::vector<uint8_t> BytesOf(int seed, int count) {
  std::mt19937 random(static_cast<unsigned>(seed));
  std::vector<uint8_t> bytes(static_cast<size_t>(count));
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

// Whether the fault is still to happen.
bool Strikes(const MakeParams& params) {
  if (params.fault.empty()) return false;
  if (params.once.empty()) return true;
  return base::File::Create(params.once).has_value();
}

Status Suffer(const std::string& fault) {
  if (fault == "crash") {
    fmt::print(stderr, "codec: cannot allocate\nmacroblock 7\n");
    ::raise(SIGSEGV);
  }
  if (fault == "hang") {
    for (;;) ::pause();
  }
  if (fault == "stop") ::raise(SIGSTOP);
  if (fault == "fatal") return Fail(Code::kUnsupported, "as the test wants");
  return Fail(Code::kIo, "as the test wants");
}

Status RunMake(const MakeParams& params, const Inputs& inputs, Outputs& outputs,
               Context& context) {
  for (const std::string& name : inputs.NamesWithPrefix("")) {
    REEL_TRY(inputs.Bytes(name));
  }
  if (Strikes(params)) REEL_TRY(Suffer(params.fault));
  context.Progress(0.5);
  REEL_TRY(outputs.PutBytes(fmt::format("made-{}", params.seed),
                            BytesOf(params.seed, params.bytes)));
  return outputs.PutJson("facts", {{"count", params.seed}});
}

Status RunMakeMany(const MakeManyParams& params, const Inputs&,
                   Outputs& outputs, Context&) {
  for (const int seed : params.seeds) {
    REEL_TRY(
        outputs.PutBytes(fmt::format("made-{}", seed), BytesOf(seed, 50'000)));
  }
  return {};
}

Status RunJoin(const JoinParams&, const Inputs& inputs, Outputs& outputs,
               Context&) {
  std::vector<uint8_t> all;
  for (const std::string& name : inputs.NamesWithPrefix("part/")) {
    REEL_ASSIGN(const auto bytes, inputs.Bytes(name));
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return outputs.PutBytes("out", all);
}

}  // namespace

const TaskKind<MakeParams> kMake{
    .name = "make",
    .service = "making",
    .retry = {.max_attempts = 3,
              .first_delay = std::chrono::milliseconds(10),
              .max_delay = std::chrono::milliseconds(50)},
    .timeout = std::chrono::milliseconds(1500),
    .run = RunMake};
const TaskKind<MakeManyParams> kMakeMany{
    .name = "make_many", .service = "making", .run = RunMakeMany};
const TaskKind<JoinParams> kJoin{
    .name = "join", .service = "joining", .run = RunJoin};

TaskRegistry FakeTasks() {
  return TaskRegistry({Erase(kMake), Erase(kMakeMany), Erase(kJoin)});
}

Status FakeGraph::Expand(Plan& plan) {
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
