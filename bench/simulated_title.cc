#include "simulated_title.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <utility>

#include "base/digest.h"

namespace reel::bench {
namespace {

using base::Json;
using workflow::Plan;
using workflow::TaskSpec;

constexpr double kChunkSeconds = 5;
// CPU seconds for a second of all renditions, the smaller ones cheaper: 0.5 in
// the mean, as of a ladder from 144p to 2160p in several codecs.
constexpr double kMeanCost = 0.5;
constexpr double kTargetCost = 120, kLongestCost = 180;
// Renditions that are encoded side by side from one decode.
constexpr int kGroup = 4;

// One stage waits for others: the same for every title, but that a rendition is
// joined as soon as its own group is encoded.
enum Stage { kHash, kScan, kPieces, kConclude, kPlan, kFirstEncode };

struct Builder {
  const TitleShape& shape;
  std::vector<TitleTask> tasks = {};

  void Add(TitleTask task) {
    task.id =
        base::Sha256(fmt::format("{}/{}/{}/{}/{}", shape.seed, task.kind,
                                 shape.hours, shape.renditions, tasks.size()));
    tasks.push_back(std::move(task));
  }
};

// How hard shots of some chunks each are to encode: 1 in the mean.
std::vector<double> Complexity(const TitleShape& shape, int chunks) {
  std::mt19937_64 random(static_cast<uint64_t>(shape.seed));
  std::lognormal_distribution<double> hardness(-0.08, 0.4);
  std::geometric_distribution<int> more(0.4);
  std::vector<double> of_chunk;
  while (static_cast<int>(of_chunk.size()) < chunks) {
    of_chunk.insert(of_chunk.end(), 1 + static_cast<size_t>(more(random)),
                    hardness(random));
  }
  of_chunk.resize(static_cast<size_t>(chunks));
  return of_chunk;
}

// CPU seconds for one second of that group, of a mean chunk. The first are the
// largest.
double GroupCost(const TitleShape& shape, int group) {
  const auto weight = [&](int rendition) {
    return std::exp(-4.0 * rendition / shape.renditions);
  };
  double all = 0, own = 0;
  for (int r = 0; r < shape.renditions; ++r) all += weight(r);
  for (int r = group * kGroup;
       r < std::min(shape.renditions, (group + 1) * kGroup); ++r)
    own += weight(r);
  return kMeanCost * shape.renditions * own / all;
}

int Groups(const TitleShape& shape) {
  return (shape.renditions + kGroup - 1) / kGroup;
}

void AddEncodes(Builder& builder, int group,
                const std::vector<double>& hardness) {
  const double a_chunk = kChunkSeconds * GroupCost(builder.shape, group);
  TitleTask task{.id = {},
                 .kind = "encode_chunk",
                 .service = "encode",
                 .after = {kPlan},
                 .stage = kFirstEncode + group,
                 .seconds = 0,
                 .group = group};
  for (size_t c = 0; c < hardness.size(); ++c) {
    const double cost = a_chunk * hardness[c];
    const bool is_full = task.seconds > 0 && task.seconds + cost > kLongestCost;
    if (is_full || task.seconds >= kTargetCost) {
      builder.Add(task);
      task.first_chunk = task.end_chunk;
      task.seconds = 0;
    }
    task.seconds += cost;
    task.end_chunk = static_cast<int>(c) + 1;
  }
  builder.Add(task);
}

class TitleGraph : public workflow::Graph {
 public:
  explicit TitleGraph(TitleShape shape)
      : shape_(shape), tasks_(TasksOf(shape)) {
    for (const TitleTask& task : tasks_) ++size_[task.stage];
  }
  base::Status Expand(Plan& plan) override {
    std::map<int, int> done;  // by stage
    for (const TitleTask& task : tasks_) {
      const bool ready = std::ranges::all_of(task.after, [&](int stage) {
        return done[stage] == size_.at(stage);
      });
      if (!ready) continue;
      if (plan.Want(SpecOf(shape_, task))) ++done[task.stage];
    }
    return {};
  }

 private:
  const TitleShape shape_;
  const std::vector<TitleTask> tasks_;
  std::map<int, int> size_;  // tasks by stage
};

class SimulatedWork : public workflow::fleet::Work {
 public:
  explicit SimulatedWork(TitleShape shape) : graph_(shape) {}
  workflow::Graph& graph() override { return graph_; }
  Json Summary() override { return Json::object(); }
  base::Status Publish() override { return {}; }

 private:
  TitleGraph graph_;
};

// What a real encode task is told of each rendition.
Json RungOf(int rendition) {
  return {{"id", fmt::format("r{:03}-h264", rendition)},
          {"profile", "h264-high"},
          {"preset", "medium"},
          {"width", 1920},
          {"height", 1080},
          {"crf", 23.5},
          {"rate_bps", 5'000'000},
          {"maxrate_bps", 7'500'000},
          {"buffer_bits", 10'000'000}};
}

}  // namespace

void to_json(Json& json, const TitleShape& shape) {
  json = {{"seed", shape.seed},
          {"hours", shape.hours},
          {"renditions", shape.renditions},
          {"parts", shape.parts}};
}

void from_json(const Json& json, TitleShape& shape) {
  json.at("seed").get_to(shape.seed);
  json.at("hours").get_to(shape.hours);
  json.at("renditions").get_to(shape.renditions);
  json.at("parts").get_to(shape.parts);
}

std::vector<TitleTask> TasksOf(const TitleShape& shape) {
  Builder builder{shape};
  const double minutes = shape.hours * 60;
  const auto add = [&](int count, const char* kind, const char* service,
                       int stage, std::vector<int> after, double seconds) {
    for (int i = 0; i < count; ++i)
      builder.Add({.id = {},
                   .kind = kind,
                   .service = service,
                   .after = after,
                   .stage = stage,
                   .seconds = seconds});
  };
  add(1, "hash_source", "ingest", kHash, {}, minutes / 2);
  add(1, "scan", "inspect", kScan, {kHash}, minutes / 2);
  add(std::max(1, static_cast<int>(minutes / 4)), "inspect_piece", "inspect",
      kPieces, {kScan}, 90);
  add(1, "conclude", "inspect", kConclude, {kPieces}, 20);
  add(1, "plan", "plan", kPlan, {kConclude}, 10);
  const int chunks =
      std::max(1, static_cast<int>(shape.hours * 3600 / kChunkSeconds));
  const auto hardness = Complexity(shape, chunks);
  const int groups = Groups(shape);
  for (int g = 0; g < groups; ++g) AddEncodes(builder, g, hardness);
  const int join = kFirstEncode + groups, check = join + 1;
  for (int r = 0; r < shape.renditions; ++r)
    add(1, "join", "assemble", join, {kFirstEncode + r / kGroup}, 20);
  add(std::max(1, static_cast<int>(minutes / 10)), "validate_piece", "package",
      check, {join}, 60);
  add(1, "validate", "package", check + 1, {check}, 10);
  add(1, "package", "package", check + 2, {check + 1}, 30);
  return std::move(builder.tasks);
}

TaskSpec SpecOf(const TitleShape& shape, const TitleTask& task) {
  TaskSpec spec;
  spec.service = task.service;
  spec.kind = task.kind;
  spec.params = {{"task", task.id}, {"seconds", task.seconds}};
  for (const char* input :
       {"scan", "packets", "frames", "fingerprints", "timeline"})
    spec.inputs[input] = platform::Object{task.id, 1000};
  spec.inputs["source"] = workflow::Input(
      task.id, {.path = fmt::format("s3://masters/{}.mov", shape.seed),
                .size_bytes = 100'000'000'000,
                .version = "d41d8cd98f00b204e9800998ecf8427e"});
  spec.cost = task.seconds;
  spec.label = fmt::format("chunks {}", task.first_chunk);
  if (task.kind != "encode_chunk") return spec;
  Json& rungs = spec.params["rungs"] = Json::array();
  for (int r = task.group * kGroup;
       r < std::min(shape.renditions, (task.group + 1) * kGroup); ++r) {
    rungs.push_back(RungOf(r));
    if (!shape.parts) continue;
    spec.parts.push_back({base::Sha256(fmt::format("{}/{}", task.id, r)),
                          {fmt::format("r{:03}/record.json", r),
                           fmt::format("r{:03}/init.mp4", r),
                           fmt::format("r{:03}/fragments.bin", r)}});
  }
  Json& segments = spec.params["segments"] = Json::array();
  for (int c = task.first_chunk; c < task.end_chunk; ++c)
    segments.push_back(
        {{"first_frame", 120 * c}, {"end_frame", 120 * c + 120}});
  return spec;
}

double CriticalPath(const std::vector<TitleTask>& tasks) {
  std::map<int, double> end;  // by stage
  double longest = 0;
  for (const TitleTask& task : tasks) {
    double begin = 0;
    for (const int stage : task.after) begin = std::max(begin, end[stage]);
    end[task.stage] = std::max(end[task.stage], begin + task.seconds);
    longest = std::max(longest, end[task.stage]);
  }
  return longest;
}

double Work(const std::vector<TitleTask>& tasks) {
  double sum = 0;
  for (const TitleTask& task : tasks) sum += task.seconds;
  return sum;
}

std::vector<workflow::AnyTaskKind> SimulatedKinds() {
  std::vector<workflow::AnyTaskKind> kinds;
  for (const char* name :
       {"hash_source", "scan", "inspect_piece", "conclude", "plan",
        "encode_chunk", "join", "validate_piece", "validate", "package"})
    kinds.emplace_back().name = name;
  return kinds;
}

std::vector<std::string> SimulatedServices() {
  return {"ingest", "inspect", "plan", "encode", "assemble", "package"};
}

base::Result<std::unique_ptr<workflow::fleet::Work>> MakeSimulatedWork(
    const platform::FleetJob& job) {
  REEL_ASSIGN(const auto shape, base::ParseJsonAs<TitleShape>(job.spec.recipe));
  return std::make_unique<SimulatedWork>(shape);
}

}  // namespace reel::bench
