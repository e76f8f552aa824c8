#include "workflow/worker_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/log.h"
#include "platform/source_opener.h"
#include "platform/state_directory.h"
#include "workflow/child_process.h"
#include "workflow/worker.h"

namespace reel::workflow {
namespace {

using base::Result;
using std::chrono::milliseconds;

constexpr char kCommand[] = "worker-process";
constexpr int kSocket = 3;
// A worker that cannot go on exits with this plus the error's code: on a full
// disk its log cannot tell.
constexpr int kErrorExit = 64;
// How often an idle worker looks at the queue unasked: for retries that have
// become due. Costs a few milliseconds of CPU a minute.
constexpr int kIdleMs = 500;

std::string ScratchOf(const std::string& state, const std::string& name) {
  return platform::StatePaths(state).temporary + "/" + name;
}

void Send(int socket) {
  // A full buffer says what we have to say already.
  [[maybe_unused]] const auto sent =
      ::send(socket, "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

enum class Peer { kHere, kGone };
struct Received {
  bool any = false;
  Peer peer = Peer::kHere;
};

Received Receive(int socket) {
  Received received;
  std::array<char, 256> bytes;
  for (;;) {
    const ssize_t got =
        ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got > 0) {
      received.any = true;
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else {
      if (got == 0 || errno != EAGAIN) received.peer = Peer::kGone;
      return received;
    }
  }
}

Peer WaitForNews() {
  pollfd wait{kSocket, POLLIN, 0};
  ::poll(&wait, 1, kIdleMs);
  return Receive(kSocket).peer;
}

// Works until the orchestrator is gone.
base::Status Work(const std::string& state, WorkerOptions options,
                  const TaskRegistry& registry) {
  REEL_ASSIGN(platform::Platform platform, platform::OpenStateDirectory(state));
  Worker worker(platform, registry, std::move(options));
  for (Peer peer = Peer::kHere; peer == Peer::kHere;) {
    BoundLog();
    REEL_ASSIGN(const auto turn, worker.RunOne());
    if (turn == Worker::Turn::kWorked) TrimHeap();
    peer = turn == Worker::Turn::kIdle ? WaitForNews() : Receive(kSocket).peer;
  }
  return {};
}

}  // namespace

std::optional<int> RunIfWorkerProcess(int argc, const char* const* argv,
                                      const TaskRegistry& registry) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (argc != 5 || arguments[1] != kCommand) return std::nullopt;
  const std::string& state = arguments[2];
  WorkerOptions options;
  options.name = arguments[3];
  options.scratch = ScratchOf(state, options.name);
  int64_t lease_ms = 0;
  const std::string& lease = arguments[4];
  std::from_chars(lease.data(), lease.data() + lease.size(), lease_ms);
  options.lease = milliseconds(lease_ms);
  options.notify = [] { Send(kSocket); };
  base::StartLogging(base::LogLevel::kInfo, options.name);
  platform::OpenRemoteSources(
      {.cache_directory = platform::StatePaths(state).temporary});
  const auto status = Work(state, std::move(options), registry);
  if (status) return 0;
  spdlog::error("{}", status.error().message);
  return kErrorExit + static_cast<int>(status.error().code);
}

base::Code CodeOf(const base::Exit& exit) {
  const int code = exit.code - kErrorExit;
  return code >= 0 && code <= static_cast<int>(base::Code::kOutputWrong)
             ? static_cast<base::Code>(code)
             : base::Code::kInternal;
}

WorkerProcess::WorkerProcess(Options options, base::Subprocess process,
                             int socket)
    : options_(std::move(options)),
      process_(std::move(process)),
      socket_(socket) {}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : options_(std::move(other.options_)),
      process_(std::move(other.process_)),
      socket_(std::exchange(other.socket_, -1)) {}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept {
  std::swap(options_, other.options_);
  std::swap(process_, other.process_);
  std::swap(socket_, other.socket_);
  return *this;
}

WorkerProcess::~WorkerProcess() {
  if (socket_ < 0) return;
  ::close(socket_);
  if (process_.pid() >= 0) {
    process_.Kill();
    process_.Wait();
  }
  std::error_code ignored;  // what stays is swept at the next start
  std::filesystem::remove_all(
      ScratchOf(options_.state_directory, options_.name), ignored);
}

Result<WorkerProcess> WorkerProcess::Start(const Options& options) {
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
    return tl::unexpected(base::FromErrno(errno, "start a worker"));
  }
  base::Subprocess::Options start;
  start.arguments = options.command;
  for (const std::string& argument :
       {std::string(kCommand), options.state_directory, options.name,
        std::to_string(options.lease.count())}) {
    start.arguments.push_back(argument);
  }
  start.environment = {kAllocatorSetting};
  start.inherited_descriptor = sockets[1];
  start.error_path = options.log;
  auto process = base::Subprocess::Start(start);
  ::close(sockets[1]);
  if (process) return WorkerProcess(options, *std::move(process), sockets[0]);
  ::close(sockets[0]);
  return base::Prefix(process.error(), "start a worker");
}

void WorkerProcess::Wake() { Send(socket_); }

bool WorkerProcess::Drain() { return Receive(socket_).any; }

std::string WorkerProcess::LastWords() const {
  return LastWordsOf(options_.log);
}

}  // namespace reel::workflow
