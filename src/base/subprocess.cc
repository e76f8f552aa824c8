#include "base/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/file.h"

namespace reel::base {
namespace {

constexpr int kInheritedDescriptor = 3;

// Everything that the child needs, made before the fork: between fork and exec
// only async-signal-safe calls are allowed, since other threads may have held
// any lock.
struct Launch {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  int inherited = -1;
  int null = -1;
  int output = -1;
  int error = -1;   // -1: share ours
  int report = -1;  // takes errno if the program cannot be started
  pid_t parent = 0;
};

void ResetSignals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) {
    ::sigaction(number, &action, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void BecomeProgram(const Launch& launch) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before the line above.
  if (::getppid() != launch.parent) ::_exit(127);
  ResetSignals();
  bool ok = ::dup2(launch.null, 0) >= 0 && ::dup2(launch.output, 1) >= 0;
  if (launch.error >= 0) ok = ok && ::dup2(launch.error, 2) >= 0;
  if (launch.inherited == kInheritedDescriptor) {
    ok = ok && ::fcntl(kInheritedDescriptor, F_SETFD, 0) == 0;
  } else if (launch.inherited >= 0) {
    ok = ok && ::dup2(launch.inherited, kInheritedDescriptor) >= 0;
  }
  if (ok)
    ::execve(launch.arguments[0], launch.arguments.data(),
             launch.environment.data());
  const int error = errno;
  // Nothing is left to do if even this fails: the parent then sees our code.
  [[maybe_unused]] const auto sent =
      ::write(launch.report, &error, sizeof error);
  ::_exit(127);
}

// Our environment and those of `more` that it does not have. Both must outlive
// the result.
std::vector<char*> Environment(std::vector<std::string>& more) {
  std::vector<char*> all;
  for (char** ours = environ; *ours != nullptr; ++ours) all.push_back(*ours);
  for (std::string& variable : more) {
    const std::string name = variable.substr(0, variable.find('='));
    if (::getenv(name.c_str()) == nullptr) all.push_back(variable.data());
  }
  all.push_back(nullptr);
  return all;
}

// A descriptor that `target` numbers do not collide with.
Result<int> Above(int descriptor) {
  const int high =
      ::fcntl(descriptor, F_DUPFD_CLOEXEC, kInheritedDescriptor + 1);
  const int error = errno;
  ::close(descriptor);
  if (high < 0) return tl::unexpected(FromErrno(error, "start a process"));
  return high;
}

// Closes its descriptors at the end of the block.
struct Descriptors {
  std::vector<int> all;
  ~Descriptors() {
    for (const int descriptor : all) ::close(descriptor);
  }
  Result<int> Keep(int descriptor, const std::string& what) {
    if (descriptor < 0) return tl::unexpected(FromErrno(errno, what));
    REEL_ASSIGN(const int high, Above(descriptor));
    all.push_back(high);
    return high;
  }
};

}  // namespace

std::string Describe(const Exit& exit) {
  if (exit.signal == 0) return fmt::format("exited with code {}", exit.code);
  return fmt::format("killed by signal {} ({})", exit.signal,
                     ::strsignal(exit.signal));
}

Result<Subprocess> Subprocess::Start(const Options& options) {
  REEL_CHECK(!options.arguments.empty());
  Launch launch;
  Descriptors descriptors;
  std::vector<std::string> arguments = options.arguments;
  for (std::string& argument : arguments) {
    launch.arguments.push_back(argument.data());
  }
  launch.arguments.push_back(nullptr);
  std::vector<std::string> environment = options.environment;
  launch.environment = Environment(environment);
  launch.inherited = options.inherited_descriptor;
  launch.parent = ::getpid();
  REEL_ASSIGN(launch.null,
              descriptors.Keep(::open("/dev/null", O_RDWR | O_CLOEXEC),
                               "open /dev/null"));
  const auto create = [&](const std::string& path) {
    constexpr int kNew = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC;
    return descriptors.Keep(::open(path.c_str(), kNew, 0644), "open " + path);
  };
  launch.output = launch.null;
  if (!options.output_path.empty()) {
    REEL_ASSIGN(launch.output, create(options.output_path));
  }
  if (!options.error_path.empty()) {
    REEL_ASSIGN(launch.error, create(options.error_path));
  }
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) {
    return tl::unexpected(FromErrno(errno, "start a process"));
  }
  const auto reading = descriptors.Keep(report[0], "start a process");
  const auto writing = descriptors.Keep(report[1], "start a process");
  if (!reading) return tl::unexpected(reading.error());
  REEL_ASSIGN(launch.report, writing);

  const pid_t pid = ::fork();
  if (pid == 0) BecomeProgram(launch);
  if (pid < 0) return tl::unexpected(FromErrno(errno, "start a process"));
  Subprocess child(pid);
  // Our copy of the pipe's end must go, or reading it would never end.
  ::close(launch.report);
  std::erase(descriptors.all, launch.report);
  int error = 0;
  ssize_t got;
  while ((got = ::read(*reading, &error, sizeof error)) < 0 && errno == EINTR) {
  }
  if (got == 0) return child;  // closed by exec: the program runs
  return tl::unexpected(FromErrno(error, "start " + options.arguments[0]));
}

Subprocess::Subprocess(Subprocess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)) {}

Subprocess& Subprocess::operator=(Subprocess&& other) noexcept {
  std::swap(pid_, other.pid_);
  return *this;
}

Subprocess::~Subprocess() {
  if (pid_ < 0) return;
  Kill();
  Wait();
}

void Subprocess::Terminate() {
  if (pid_ >= 0) ::kill(pid_, SIGTERM);
}

void Subprocess::Kill() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  // Until it has made its group.
  ::kill(pid_, SIGKILL);
}

std::optional<Exit> Subprocess::Poll() { return Reap(WNOHANG); }

Exit Subprocess::Wait() {
  REEL_CHECK(pid_ >= 0);
  const auto exit = Reap(0);
  REEL_CHECK(exit.has_value());
  return *exit;
}

std::optional<Exit> Subprocess::Reap(int flags) {
  if (pid_ < 0) return std::nullopt;
  int status = 0;
  struct rusage usage {};
  pid_t got;
  while ((got = ::wait4(pid_, &status, flags, &usage)) < 0 && errno == EINTR) {
  }
  if (got == 0) return std::nullopt;
  REEL_CHECK(got == pid_);
  pid_ = -1;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) * 1e-6;
  };
  Exit exit;
  if (WIFSIGNALED(status)) {
    exit.signal = WTERMSIG(status);
  } else {
    exit.code = WEXITSTATUS(status);
  }
  exit.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  exit.peak_rss_bytes = int64_t{usage.ru_maxrss} * 1024;
  return exit;
}

}  // namespace reel::base
