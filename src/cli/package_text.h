// An IMF package for people to read. Pure.
#pragma once

#include <string>

#include "imf/imf.h"

namespace reel::cli {

// Its compositions, each with its tracks; the chosen one is marked if there are
// several. Empty if there is none.
std::string FormatPackage(const imf::PackageListing& package);

}  // namespace reel::cli
