// Both ends of a worker process: its main, and its orchestrator's hold on it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/subprocess.h"
#include "workflow/task.h"

namespace reel::workflow {

// In main, before anything else: if this process was started as a worker, works
// until its orchestrator is gone and returns the exit code.
std::optional<int> RunIfWorkerProcess(int argc, const char* const* argv,
                                      const TaskRegistry& registry);
// Why a worker ended: the code of the error that it could not go on with;
// kInternal for any other end.
base::Code CodeOf(const base::Exit& exit);

// A running worker. The two are joined by a socket over which each byte says
// "look again": at the queue one way, at the job store the other. Work never
// depends on a byte's arrival, it only starts sooner.
class WorkerProcess {
 public:
  struct Options {
    std::vector<std::string> command;  // arguments are appended
    std::string state_directory;
    std::string name;  // of no other living worker
    std::string log;   // file for its standard error
    std::chrono::milliseconds lease;
  };
  // Errors: those of base::Subprocess::Start.
  static base::Result<WorkerProcess> Start(const Options& options);
  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&& other) noexcept;
  // Kills it and removes its scratch directory.
  ~WorkerProcess();

  const std::string& name() const { return options_.name; }
  // Becomes readable when the worker has news, or is dead.
  int descriptor() const { return socket_; }
  void Wake();
  // Whether there was news since the last call.
  bool Drain();
  void Kill() { process_.Kill(); }
  // Its end, once.
  std::optional<base::Exit> Poll() { return process_.Poll(); }
  base::Exit Wait() { return process_.Wait(); }
  // The end of what it wrote during its last task; one line, "" for nothing.
  std::string LastWords() const;

 private:
  WorkerProcess(Options options, base::Subprocess process, int socket);
  Options options_;
  base::Subprocess process_;
  int socket_;  // -1 once moved from
};

}  // namespace reel::workflow
