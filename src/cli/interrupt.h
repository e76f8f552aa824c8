// Signals as stop tokens.
#pragma once

#include <chrono>
#include <stop_token>

namespace reel::cli {

// From now on the first SIGINT or SIGTERM requests a stop of the returned
// token, so that work can end in order; a second one ends the process at once.
// Call once, before any other thread starts. Child processes that exec get
// the default handlers back.
std::stop_token StopOnInterrupt();

// The same, and SIGUSR2 as a notice that the machine goes away.
struct Signals {
  std::stop_token stop, notice;
};
Signals StopOnSignals();

// Returns early when a stop is requested.
void PauseFor(std::chrono::milliseconds pause, const std::stop_token& stop);

}  // namespace reel::cli
