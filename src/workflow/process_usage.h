// What this process has used so far.
#pragma once

#include <cstdint>

namespace reel::workflow {

// User and system time of all threads.
double ProcessCpuSeconds();
// The largest resident set since the process began or ResetPeakRss was called.
int64_t ProcessPeakRssBytes();
// Where the kernel does not allow it, the peak stays that of the process.
void ResetPeakRss();

}  // namespace reel::workflow
