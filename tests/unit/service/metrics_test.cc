#include "service/metrics.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "testing/golden.h"

namespace reel::service {
namespace {

using platform::JobPriority;
using platform::JobState;
using workflow::fleet::FleetMetrics;

FleetMetrics BusyFleet() {
  FleetMetrics fleet;
  fleet.version = "1.2.3 \"test\"";
  fleet.queues[{"encode", JobPriority::kNow}] = {{.ready = 2, .held = 7}, 1.25};
  fleet.queues[{"encode", JobPriority::kBulk}] = {{.ready = 100'000}, 3600};
  fleet.queues[{"quality", JobPriority::kNormal}] = {};
  auto& encode = fleet.tasks["encode"];
  encode.done = 3;
  encode.failed = 2;
  encode.timed_out = 1;
  encode.released = 4;
  encode.retries = 2;
  for (const double seconds : {0.5, 60.0, 4000.0})
    encode.seconds.Observe(seconds);
  fleet.jobs = {{JobState::kRunning, 6}, {JobState::kDone, 1'000'000}};
  fleet.oldest_job_seconds = {{JobPriority::kNow, 12.5}};
  fleet.late_jobs = 1;
  fleet.dead_tasks = 5;
  fleet.workers = {
      .working = 3, .draining = 1, .busy_slots = 7, .free_slots = 5};
  auto& vmaf =
      fleet.vmaf.emplace(1080, workflow::fleet::VmafHistogram()).first->second;
  vmaf.Observe(93.4);
  vmaf.Observe(95.1);
  fleet.store_read_bytes = 5'000'000'000'000;
  fleet.store_written_bytes = 123;
  fleet.task_errors = {{"internal", 3}, {"unavailable", 1}};
  fleet.round_errors = {{"plan", 2}};
  fleet.dispatch_seconds.Observe(0.02);
  return fleet;
}

TEST(MetricsTest, RendersAllOfAFleet) {
  testing::ExpectGolden("tests/unit/service/goldens/metrics.prom",
                        MetricsText(BusyFleet()));
}

// So that an alert on something that has not happened yet knows its name.
TEST(MetricsTest, AnIdleFleetHasTheSameFamilies) {
  const auto families = [](const std::string& text) {
    std::set<std::string> names;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("# TYPE ")) names.insert(line);
    return names;
  };
  EXPECT_EQ(families(MetricsText({})), families(MetricsText(BusyFleet())));
}

}  // namespace
}  // namespace reel::service
