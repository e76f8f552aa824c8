// One job that this orchestrator leads.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/result.h"
#include "platform/job_board.h"
#include "platform/state_directory.h"
#include "platform/task_ledger.h"
#include "workflow/fleet/work.h"
#include "workflow/job_tracker.h"

namespace reel::workflow::fleet {

// Puts what the job's graph wants into the ledger, follows what becomes of it,
// and ends the job. One thread; Publish runs on its own.
class JobRunner : private Observer {
 public:
  struct Stores {
    platform::JobBoard& board;
    platform::TaskLedger& ledger;
    platform::Platform& platform;  // jobs and objects
  };
  // What Stores refers to outlives this.
  JobRunner(platform::LedJob job, std::unique_ptr<Work> work, Stores stores);
  ~JobRunner() override;

  const platform::LedJob& job() const { return job_; }
  // A task's row, of any job.
  void Follow(const platform::TaskRecord& record) { tracker_.Follow(record); }
  // Goes on with the job: evaluates its graph where that is due, and not more
  // often than so that it takes one part in `share` of the time while plenty
  // is queued.
  // Errors: those of the stores, after which it may be called again; kConflict:
  // the job is not ours any more.
  base::Status Step(int share);
  bool has_ended() const { return has_ended_; }
  // Its tasks that are not done.
  std::vector<std::string> OpenTasks() const;

 private:
  void Wanted(const WantedTask& task) override;
  void Finished(const WantedTask& task) override;
  void Failed(const WantedTask& task, const base::Error& error) override;

  bool IsTimeToEvaluate(int share) const;
  base::Status Evaluate();
  base::Status Want(const std::vector<WantedTask>& tasks);
  base::Status TellUses();
  base::Status TellEvents();
  base::Status TellProgress();
  base::Status Finish();
  base::Status AfterPublishing();
  base::Status EndWith(platform::JobEvent how,
                       const std::optional<base::Error>& error);
  std::string Result();

  platform::LedJob job_;
  std::unique_ptr<Work> work_;
  Stores stores_;
  JobTracker tracker_;
  struct Progress {
    int64_t wanted = 0, done = 0, failed = 0;
  };
  std::map<std::string, Progress> progress_;  // by service
  struct Event {
    std::string kind, data;
  };
  std::vector<Event> events_;      // that are to be told
  std::vector<std::string> uses_;  // likewise
  std::string told_;               // the last result
  std::chrono::steady_clock::time_point told_at_{};
  bool has_ended_ = false;
  int failed_to_publish_ = 0;
  std::chrono::steady_clock::time_point publish_at_{};  // again
  // The thread that publishes, and how that ended.
  std::optional<base::Status> published_;
  std::atomic<bool> is_published_ = false;
  std::jthread publisher_;  // last: it uses those above
};

}  // namespace reel::workflow::fleet
