// SRC, as the user typed it.
#pragma once

#include <string>

#include "base/result.h"

namespace reel::cli {

// Whether there is a file that we may read. Errors: kNotFound,
// kInvalidArgument (not readable), kUnsupported (a directory).
base::Status CheckSource(const std::string& path);

}  // namespace reel::cli
