// What a title will take, foreseen from its header and its recipe alone.
#pragma once

#include <cstdint>

#include "base/json.h"
#include "base/result.h"
#include "model/recipe.h"
#include "model/source.h"

namespace reel::workflow::tasks {

struct TitleEstimate {
  double duration_seconds = 0;  // of the title
  double cpu_seconds = 0;       // of all tasks
  int64_t size_bytes = 0;       // of the finished title
  // Of tasks that wait for each other: no number of workers is faster.
  double chain_seconds = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TitleEstimate, duration_seconds, cpu_seconds,
                                   size_bytes, chain_seconds)

// By the pixels of source and rungs, with what the titles of
// docs/benchmarks.md took; within a factor of two for most films. How hard its
// pictures are, nothing knows before they are seen. Pure.
// Errors: kUnsupported (no picture, or it does not say how long it is); those
// of ladder::FitRungs.
base::Result<TitleEstimate> EstimateTitle(const model::Source& source,
                                          const model::Recipe& recipe);

// Until it is finished by that many task slots (at least 1) that do nothing
// else: the bound of list scheduling (R. L. Graham, "Bounds on Multiprocessing
// Timing Anomalies", 1969), work / slots + chain.
double SecondsOn(const TitleEstimate& estimate, int slots);

}  // namespace reel::workflow::tasks
