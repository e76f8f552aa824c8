// Where a simulated worker runs a task: it only takes its time.
#pragma once

#include <memory>

#include "workflow/fleet/task_runner.h"

namespace reel::bench {

struct Faults {
  double stragglers = 0.01;  // of all attempts; they take six times as long
  double crashes = 0.01;
};

//   scale  simulated seconds in one real one
std::unique_ptr<workflow::fleet::TaskRunner> MakeSimulatedRunner(
    double scale, const Faults& faults);

}  // namespace reel::bench
