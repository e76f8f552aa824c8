// Shows on standard error how a job goes on: bars on a terminal, elsewhere a
// plain line every few seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/progress.h"
#include "workflow/orchestrator.h"

namespace reel::cli {

struct DisplayOptions {
  bool is_terminal = false;
  int columns = 80;
  std::function<Seconds()> clock;
  std::function<void(const std::string&)> write;
  // Frames of the title, for rates; 0 while not known.
  std::function<int64_t()> frames = [] { return 0; };
};

// Standard error and the steady clock.
DisplayOptions StandardError();

// One thread. Destroyed, it leaves the cursor below its last lines.
class ProgressDisplay : public workflow::Observer {
 public:
  explicit ProgressDisplay(DisplayOptions options);
  ~ProgressDisplay() override;
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  // A stage that is no task: `fraction` of it is done, 0..1.
  void Show(const std::string& stage, double fraction);

  // A line that stays, above what is drawn.
  void Note(const std::string& line);

  void Wanted(const workflow::WantedTask& task) override;
  void Started(const workflow::WantedTask& task,
               const std::string& worker) override;
  void Progressed(const workflow::WantedTask& task, double fraction) override;
  void Finished(const workflow::WantedTask& task) override;
  void Retried(const workflow::WantedTask& task,
               const base::Error& error) override;
  void Failed(const workflow::WantedTask& task,
              const base::Error& error) override;
  void Tick() override;

 private:
  StageProgress& Stage(const std::string& name);
  void SetDone(const workflow::WantedTask& task, double fraction);
  void Draw();
  void Erase();

  DisplayOptions options_;
  std::vector<StageProgress> stages_;    // in order of appearance
  std::map<std::string, double> parts_;  // fraction done, by task id
  std::set<std::string> causes_;         // of failures, told already
  std::set<std::string> retries_;        // told already
  int drawn_lines_ = 0;
  Seconds last_draw_;
};

}  // namespace reel::cli
