// Where a server is: from the command line, or from the environment.
#pragma once

#include <string>

#include "base/result.h"

namespace reel::cli {

// `given` on the command line, else the environment's, else `otherwise`.
// Errors: kInvalidArgument for a password on the command line, where everybody
// on the machine can see it; and if there is nothing at all.
base::Result<std::string> ServerUrl(const std::string& given,
                                    const std::string& option,
                                    const std::string& variable,
                                    const std::string& otherwise = "");

}  // namespace reel::cli
