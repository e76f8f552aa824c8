#include "workflow/tasks/stills.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

#include "workflow/tasks/inspection.h"

namespace reel::workflow::tasks {
namespace {

std::string StillName(int64_t packet) {
  return fmt::format("{:09}.jpg", packet);
}

base::Status RunStills(const StillsParams& params, const Inputs& inputs,
                       Outputs& outputs, Context& context) {
  REEL_ASSIGN(const ScanFacts scan, ReadScan(inputs));
  REEL_ASSIGN(const auto bytes, inputs.Bytes("packets"));
  REEL_ASSIGN(const auto packets, model::ParsePacketIndex(bytes));
  REEL_ASSIGN(
      const package::Stills stills,
      package::DecodeStills(scan.source.path, scan.source.video, packets,
                            params.run, params.longer_side,
                            [&] { return !context.stop().stop_requested(); }));
  for (const auto& [packet, jpeg] : stills)
    REEL_TRY(outputs.PutBytes(StillName(packet), jpeg));
  return {};
}

}  // namespace

const TaskKind<StillsParams> kStills{.name = "stills",
                                     .service = "pictures",
                                     .version = 1,
                                     .retry = {.max_attempts = 1},
                                     .timeout = std::chrono::minutes(2),
                                     .run = RunStills};

StillsGraph::StillsGraph(Sources sources, std::vector<package::StillsRun> runs,
                         int longer_side)
    : sources_(std::move(sources)),
      runs_(std::move(runs)),
      longer_side_(longer_side) {}

base::Status StillsGraph::Expand(Plan& plan) {
  stills_.clear();
  for (const package::StillsRun& run : runs_) {
    TaskSpec spec = MakeSpec(kStills, {run, longer_side_},
                             {{"source", sources_.source},
                              {"scan", sources_.scan},
                              {"packets", sources_.packets}});
    spec.label = fmt::format("from packet {}", run.first_key);
    const platform::Artifacts* done = plan.Want(spec);
    if (done == nullptr) continue;
    for (const int64_t packet : run.packets) {
      const auto still = done->find(StillName(packet));
      if (still != done->end()) stills_[packet] = still->second;
    }
  }
  return {};
}

}  // namespace reel::workflow::tasks
