// Names of objects: SHA-256 digests, checked before they become part of a path.
#pragma once

#include <string>

#include "base/result.h"

namespace reel::platform {

// kInvalidArgument unless it is 64 lower-case hexadecimal digits.
base::Status CheckDigest(const std::string& digest);

}  // namespace reel::platform
