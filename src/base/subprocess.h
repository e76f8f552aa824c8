// Child processes that cannot outlive us.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace reel::base {

struct Exit {
  int code = 0;    // when it ended by itself
  int signal = 0;  // else the signal that ended it
  double cpu_seconds = 0;
  int64_t peak_rss_bytes = 0;
};
// "exited with code 3", "killed by signal 11 (Segmentation fault)".
std::string Describe(const Exit& exit);

// A running child, in a process group of its own: a terminal's Ctrl-C reaches
// us alone. The kernel kills it when the thread that started it ends, however
// that happens; the destructor kills it too. One thread.
class Subprocess {
 public:
  struct Options {
    std::vector<std::string> arguments;  // arguments[0] is the program's path
    // "NAME=value", besides our own environment, which wins where both have it.
    std::vector<std::string> environment = {};
    // Open in the child as descriptor 3; -1 for none.
    int inherited_descriptor = -1;
    // Where its standard error goes, made empty; "" to share ours.
    std::string error_path = {};
    // Likewise its standard output; "" for nowhere. It has no standard input.
    std::string output_path = {};
  };
  // Errors: kNotFound (no such program), kInvalidArgument, kIo,
  // kResourceExhausted.
  static Result<Subprocess> Start(const Options& options);

  Subprocess(Subprocess&& other) noexcept;
  Subprocess& operator=(Subprocess&& other) noexcept;
  ~Subprocess();

  pid_t pid() const { return pid_; }
  // SIGTERM, to it alone: a wish.
  void Terminate();
  // SIGKILL, to its whole group.
  void Kill();
  // Its end, if it has ended; no value also ever after.
  std::optional<Exit> Poll();
  // Waits for its end, which must not have been seen yet.
  Exit Wait();

 private:
  explicit Subprocess(pid_t pid) : pid_(pid) {}
  std::optional<Exit> Reap(int flags);
  pid_t pid_;  // -1 once reaped or moved from
};

}  // namespace reel::base
