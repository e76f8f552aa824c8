// Where an asset is, if its path stays inside the package.
#pragma once

#include <string>

#include "base/result.h"

namespace reel::imf {

// The absolute path of `path`, as an asset map gives it, in `directory`,
// whether there is such a file or not. Symbolic links are followed. Errors:
// kInvalidArgument, with the reason, for an absolute path, a URL, "..", and
// links that lead out of the directory; kIo.
base::Result<std::string> ResolveAssetPath(const std::string& directory,
                                           const std::string& path);

}  // namespace reel::imf
