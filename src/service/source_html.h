// A source and its verdict on a page. Pure.
#pragma once

#include <string>

#include "model/finding.h"
#include "model/source.h"

namespace reel::service {

// "Source accepted", coloured.
std::string VerdictBadge(model::Verdict verdict);
// What the source says of itself, as a section.
std::string SourceSection(const model::Source& source);

}  // namespace reel::service
