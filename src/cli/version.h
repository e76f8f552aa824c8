// reel --version.
#pragma once

#include <string>

namespace reel::cli {

// Several lines: ours, then those of the libraries that make the bytes.
std::string VersionText();
// Ours alone: "0.1.0".
std::string ProgramVersion();

}  // namespace reel::cli
