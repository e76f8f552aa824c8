// What `reel inspect` prints for people. Pure.
#pragma once

#include <string>

#include "model/finding.h"
#include "model/source.h"

namespace reel::cli {

// Several lines: the verdict, the file's facts, then each finding with place,
// meaning and remedy.
std::string FormatInspection(const model::Source& source,
                             const model::InspectionReport& inspection);

}  // namespace reel::cli
