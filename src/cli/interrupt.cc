#include "cli/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>

#include "base/result.h"

namespace reel::cli {
namespace {

// A handler may hardly do more than write to a pipe.
int wake_pipe[2] = {-1, -1};

void OnSignal(int signal) {
  std::signal(signal, SIG_DFL);
  const char byte = signal == SIGUSR2 ? 'n' : 's';
  [[maybe_unused]] const ssize_t ignored = ::write(wake_pipe[1], &byte, 1);
}

}  // namespace

Signals StopOnSignals() {
  std::stop_source stop, notice;
  REEL_CHECK(wake_pipe[0] < 0 && ::pipe2(wake_pipe, O_CLOEXEC) == 0);
  // Lives until the process ends: it has nothing to clean up.
  std::thread([stop, notice]() mutable {
    char byte = 0;
    while (::read(wake_pipe[0], &byte, 1) == 1)
      (byte == 'n' ? notice : stop).request_stop();
  }).detach();
  for (const int signal : {SIGINT, SIGTERM, SIGUSR2})
    std::signal(signal, OnSignal);
  return {stop.get_token(), notice.get_token()};
}

std::stop_token StopOnInterrupt() {
  Signals signals = StopOnSignals();
  std::signal(SIGUSR2, SIG_DFL);
  return std::move(signals.stop);
}

void PauseFor(std::chrono::milliseconds pause, const std::stop_token& stop) {
  std::mutex mu;
  std::condition_variable_any never;
  std::unique_lock lock(mu);
  never.wait_for(lock, stop, pause, [] { return false; });
}

}  // namespace reel::cli
