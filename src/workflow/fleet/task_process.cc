#include "workflow/fleet/task_process.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <mutex>
#include <utility>

#include "base/file.h"
#include "base/log.h"
#include "base/subprocess.h"
#include "workflow/child_process.h"
#include "workflow/fleet/message_socket.h"
#include "workflow/task_run.h"

namespace reel::workflow::fleet {
namespace {

using base::Code;
using base::Error;
using base::Fail;
using base::Json;
using base::Result;
using base::Status;

constexpr char kCommand[] = "task-process";
constexpr int kSocket = 3;
// Of a process that has ended itself at its task's timeout.
constexpr int kTimedOutExit = 124;

// --- The process -------------------------------------------------------------

// Sends from the task's thread and from that of its heartbeat.
class Worker {
 public:
  Worker() : socket_(kSocket) {}
  // Waits for what to do next; an error when the worker is gone.
  Result<StartedTask> Next() {
    REEL_ASSIGN(const Json json, socket_.Wait());
    return base::FromJson<StartedTask>(json);
  }
  Status Tell(const Json& message) {
    const std::lock_guard lock(mu_);
    return socket_.Send(message);
  }

 private:
  MessageSocket socket_;
  std::mutex mu_;  // writing to socket_
};

AttemptReport Attempt(const StartedTask& task, const TaskRegistry& registry,
                      platform::ObjectStore& objects,
                      const std::string& scratch, Worker& worker) {
  TaskHooks hooks;
  hooks.beat = [&](double fraction) {
    return worker.Tell({{"fraction", fraction}}).has_value();
  };
  hooks.expire = [] { ::_exit(kTimedOutExit); };
  const TaskEnd end = RunTask(*task.spec, registry, objects, scratch, hooks);
  AttemptReport report;
  report.task_id = task.task_id;
  report.fence = task.fence;
  report.usage = end.usage;
  report.read_bytes = end.read_bytes;
  if (end.artifacts) {
    report.end = AttemptEnd::kDone;
    report.artifacts = *end.artifacts;
    report.parts = task.spec->parts;
    return report;
  }
  report.error = end.artifacts.error();
  report.lost = end.lost;
  spdlog::warn("{}: {}", TaskName(task.spec->kind, task.spec->label),
               report.error->message);
  return report;
}

Status Work(const std::string& store, const std::string& scratch,
            int64_t cache_bytes, const TaskRegistry& registry,
            const OpenObjects& open) {
  REEL_ASSIGN(const auto objects, open(store, scratch + "/cache", cache_bytes));
  Worker worker;
  for (;;) {
    BoundLog();
    const auto task = worker.Next();
    if (!task) return {};  // nobody needs us any more
    if (!task->spec) return Fail(Code::kInternal, "a task without its spec");
    spdlog::info("{}{}: {}", kTaskMark, task->task_id,
                 TaskName(task->spec->kind, task->spec->label));
    const AttemptReport report =
        Attempt(*task, registry, *objects, scratch + "/task", worker);
    if (!worker.Tell({{"report", report}})) return {};
    TrimHeap();
  }
}

// --- Its worker's end --------------------------------------------------------

class TaskProcess : public TaskRunner {
 public:
  explicit TaskProcess(TaskProcessOptions options)
      : options_(std::move(options)) {}
  ~TaskProcess() override { Kill(); }

  Status Begin(const StartedTask& task) override {
    // One that has died since its last task is no failure of this one.
    Poll();
    if (!process_) REEL_TRY(Start());
    task_id_ = task.task_id;
    fence_ = task.fence;
    timeout_ = task.spec ? task.spec->timeout : std::chrono::milliseconds(0);
    fraction_ = 0;
    const Status sent = socket_->Send(task);
    if (!sent) Kill();
    return sent;
  }

  int descriptor() const override {
    return socket_ ? socket_->descriptor() : -1;
  }

  std::optional<AttemptReport> Poll() override {
    if (!process_) return std::nullopt;
    for (;;) {
      auto message = socket_->Receive();
      if (!message) return Bury();
      if (!*message) return std::nullopt;
      const Json& json = **message;
      if (json.contains("fraction")) {
        fraction_ = json.at("fraction").get<double>();
        continue;
      }
      auto report = base::FromJson<AttemptReport>(json.value("report", Json()));
      if (report) return *std::move(report);
      spdlog::error("a task process's report: {}", report.error().message);
      return Bury();
    }
  }

  double fraction() const override { return fraction_; }

  void Kill() override {
    if (!process_) return;
    process_->Kill();
    process_->Wait();
    Clean();
  }

 private:
  std::string log() const { return options_.scratch + ".log"; }

  Status Start() {
    std::error_code ignored;
    std::filesystem::remove_all(options_.scratch, ignored);
    REEL_TRY(base::MakeDirectories(options_.scratch));
    int sockets[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
      return tl::unexpected(base::FromErrno(errno, "start a task process"));
    auto socket = std::make_unique<MessageSocket>(sockets[0]);
    base::Subprocess::Options start;
    start.arguments = options_.command;
    for (const std::string& argument :
         {std::string(kCommand), options_.store, options_.scratch,
          std::to_string(options_.cache_bytes)}) {
      start.arguments.push_back(argument);
    }
    start.environment = {kAllocatorSetting};
    start.inherited_descriptor = sockets[1];
    start.error_path = log();
    auto process = base::Subprocess::Start(start);
    ::close(sockets[1]);
    if (!process) return base::Prefix(process.error(), "start a task process");
    process_.emplace(*std::move(process));
    socket_ = std::move(socket);
    return {};
  }

  // It has died, or speaks nonsense.
  AttemptReport Bury() {
    process_->Kill();
    const base::Exit exit = process_->Wait();
    AttemptReport report;
    report.task_id = task_id_;
    report.fence = fence_;
    report.last_words = LastWordsOf(log());
    report.usage.cpu_seconds = exit.cpu_seconds;
    report.usage.peak_rss_bytes = exit.peak_rss_bytes;
    report.signal = exit.signal;
    report.exit_code = exit.code;
    report.crashed = true;
    if (exit.signal == 0 && exit.code == kTimedOutExit) {
      report.error =
          Error{Code::kTimeout,
                fmt::format("timed out after {} s",
                            static_cast<double>(timeout_.count()) * 1e-3)};
    } else {
      report.error =
          Error{Code::kInternal, "its process " + base::Describe(exit)};
      if (!report.last_words.empty())
        report.error->message += "; last words: " + report.last_words;
    }
    Clean();
    return report;
  }

  void Clean() {
    process_.reset();
    socket_.reset();
    std::error_code ignored;  // emptied before the next start
    std::filesystem::remove_all(options_.scratch, ignored);
  }

  TaskProcessOptions options_;
  std::optional<base::Subprocess> process_;
  std::unique_ptr<MessageSocket> socket_;
  // Of the attempt that runs:
  std::string task_id_;
  int64_t fence_ = 0;
  std::chrono::milliseconds timeout_{0};
  double fraction_ = 0;
};

}  // namespace

std::optional<int> RunIfTaskProcess(
    int argc, const char* const* argv, const TaskRegistry& registry,
    const OpenObjects& open,
    const std::function<void(const std::string& scratch)>& prepare) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (argc != 5 || arguments[1] != kCommand) return std::nullopt;
  const std::string& scratch = arguments[3];
  int64_t cache_bytes = 0;
  const std::string& bytes = arguments[4];
  std::from_chars(bytes.data(), bytes.data() + bytes.size(), cache_bytes);
  base::StartLogging(base::LogLevel::kInfo, "task");
  prepare(scratch);
  const Status status =
      Work(arguments[2], scratch, cache_bytes, registry, open);
  if (status) return 0;
  spdlog::error("{}", status.error().message);
  return 1;
}

std::unique_ptr<TaskRunner> MakeTaskProcess(TaskProcessOptions options) {
  return std::make_unique<TaskProcess>(std::move(options));
}

}  // namespace reel::workflow::fleet
