// SIGINT and SIGTERM as a stop token.
#pragma once

#include <stop_token>

namespace reel::cli {

// From now on the first SIGINT or SIGTERM requests a stop of the returned
// token, so that work can end in order; a second one ends the process at once.
// Call once, before any other thread starts. Child processes that exec get
// the default handlers back.
std::stop_token StopOnInterrupt();

}  // namespace reel::cli
