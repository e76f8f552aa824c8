// report.html: what was found, made and proved, on one page for people.
#pragma once

#include <span>
#include <string>

#include "model/encoded.h"
#include "model/report.h"

namespace reel::service {

// A self-contained page: styles and drawings inside, no script, no request to
// anywhere. Whatever text the report holds is escaped.
//   tracks  those of the report's renditions, for the plots; may be empty, as
//           for a rejected source
// Pure.
std::string RenderReportHtml(const model::Report& report,
                             std::span<const model::VideoTrackFile> tracks);

}  // namespace reel::service
