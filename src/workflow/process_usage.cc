#include "workflow/process_usage.h"

#include <sys/resource.h>

#include <fstream>
#include <string>

namespace reel::workflow {

double ProcessCpuSeconds() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Not from getrusage: its figure includes the process we were forked from.
int64_t ProcessPeakRssBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    int64_t kib = 0;
    status >> kib;
    return kib * 1024;
  }
  return 0;
}

// See clear_refs in proc(5).
void ResetPeakRss() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace reel::workflow
