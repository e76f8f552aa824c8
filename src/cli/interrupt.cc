#include "cli/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "base/result.h"

namespace reel::cli {
namespace {

// A handler may hardly do more than write to a pipe.
int wake_pipe[2] = {-1, -1};

void OnSignal(int signal) {
  std::signal(signal, SIG_DFL);
  const char byte = 0;
  [[maybe_unused]] const ssize_t ignored = ::write(wake_pipe[1], &byte, 1);
}

}  // namespace

std::stop_token StopOnInterrupt() {
  static std::stop_source source;
  REEL_CHECK(wake_pipe[0] < 0 && ::pipe2(wake_pipe, O_CLOEXEC) == 0);
  // Lives until the process ends: it has nothing to clean up.
  std::thread([stop = source]() mutable {
    char byte;
    if (::read(wake_pipe[0], &byte, 1) == 1) stop.request_stop();
  }).detach();
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
  return source.get_token();
}

}  // namespace reel::cli
