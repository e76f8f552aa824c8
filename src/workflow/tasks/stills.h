// Still pictures of single frames as tasks: a decoder that crashes or hangs on
// a damaged file costs its pictures, not the page they are for.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/packets.h"
#include "package/package.h"
#include "workflow/graph.h"
#include "workflow/task.h"

namespace reel::workflow::tasks {

// In: source, scan, packets. Out: a JPEG file for each frame that came out,
// named by its packet: "000000123.jpg".
struct StillsParams {
  package::StillsRun run;
  int longer_side = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StillsParams, run, longer_side)
extern const TaskKind<StillsParams> kStills;

// The stills of one source. One thread, as its Plan.
class StillsGraph : public Graph {
 public:
  // What inspection read: the source, scan.json and packets.bin.
  struct Sources {
    Input source;
    platform::Object scan;
    platform::Object packets;
  };
  StillsGraph(Sources sources, std::vector<package::StillsRun> runs,
              int longer_side);

  base::Status Expand(Plan& plan) override;
  // By packet; those of tasks that failed are not there.
  const std::map<int64_t, platform::Object>& stills() const { return stills_; }

 private:
  Sources sources_;
  std::vector<package::StillsRun> runs_;
  int longer_side_;
  std::map<int64_t, platform::Object> stills_;
};

}  // namespace reel::workflow::tasks
