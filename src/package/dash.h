// The DASH manifest. Sources: ISO/IEC 23009-1:2022, 8.3 (ISO base media file
// format on-demand profile); DASH-IF IOP 4.3, 6.2.6 (thumbnail tracks).
#pragma once

#include <string>

#include "package/package.h"

namespace reel::package {

// Of a title that WriteManifests has checked.
std::string DashManifest(const Title& title);

}  // namespace reel::package
