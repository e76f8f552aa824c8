#include "cli/progress_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace reel::cli {
namespace {

constexpr Seconds kRedrawInterval = 0.2;
constexpr Seconds kLineInterval = 5;

}  // namespace

DisplayOptions StandardError() {
  DisplayOptions options;
  winsize size{};
  options.is_terminal = ::isatty(STDERR_FILENO) == 1;
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    options.columns = size.ws_col;
  options.clock = [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  };
  options.write = [](const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
  };
  return options;
}

ProgressDisplay::ProgressDisplay(DisplayOptions options)
    : options_(std::move(options)), last_draw_(options_.clock()) {}

ProgressDisplay::~ProgressDisplay() {
  if (options_.is_terminal) Draw();
}

StageProgress& ProgressDisplay::Stage(const std::string& name) {
  const auto found =
      std::find_if(stages_.begin(), stages_.end(),
                   [&](const StageProgress& s) { return s.name == name; });
  if (found != stages_.end()) return *found;
  return stages_.emplace_back(StageProgress{.name = name});
}

void ProgressDisplay::Show(const std::string& name, double fraction) {
  StageProgress& stage = Stage(name);
  const Seconds now = options_.clock();
  stage.work = 1;
  stage.done = fraction;
  if (stage.started < 0) stage.started = now;
  if (fraction >= 1 && stage.ended < 0) stage.ended = now;
  Tick();
}

void ProgressDisplay::Wanted(const workflow::WantedTask& task) {
  if (!parts_.emplace(task.id, 0).second) return;
  StageProgress& stage = Stage(task.spec.service);
  stage.work += task.spec.cost;
  stage.ended = -1;
}

void ProgressDisplay::Started(const workflow::WantedTask& task,
                              const std::string& /*worker*/) {
  StageProgress& stage = Stage(task.spec.service);
  if (stage.started < 0) stage.started = options_.clock();
}

// A task that is tried again starts from the beginning.
void ProgressDisplay::SetDone(const workflow::WantedTask& task,
                              double fraction) {
  StageProgress& stage = Stage(task.spec.service);
  double& part = parts_[task.id];
  stage.done += (fraction - part) * task.spec.cost;
  part = fraction;
  // Sums of fractions come close to the whole, not always to it.
  if (stage.done >= stage.work * (1 - 1e-9)) {
    stage.done = stage.work;
    stage.ended = options_.clock();
  }
}

void ProgressDisplay::Progressed(const workflow::WantedTask& task,
                                 double fraction) {
  SetDone(task, std::clamp(fraction, 0.0, 0.99));
}

void ProgressDisplay::Finished(const workflow::WantedTask& task) {
  SetDone(task, 1);
}

void ProgressDisplay::Retried(const workflow::WantedTask& task,
                              const base::Error& error) {
  SetDone(task, 0);
  const std::string note = fmt::format(
      "{}: {}; trying again",
      workflow::TaskName(task.spec.kind, task.spec.label), error.message);
  if (retries_.insert(note).second) Note(note);
}

void ProgressDisplay::Failed(const workflow::WantedTask& task,
                             const base::Error& error) {
  // One cause, a vanished source say, fails many tasks at once.
  if (!causes_.insert(error.message).second) return;
  Note(fmt::format("{} failed: {}",
                   workflow::TaskName(task.spec.kind, task.spec.label),
                   error.message));
}

void ProgressDisplay::Tick() {
  const Seconds interval =
      options_.is_terminal ? kRedrawInterval : kLineInterval;
  if (options_.clock() - last_draw_ >= interval) Draw();
}

// A line that stays, above the bars.
void ProgressDisplay::Note(const std::string& line) {
  Erase();
  options_.write("reel: " + line + "\n");
  if (options_.is_terminal) Draw();
}

void ProgressDisplay::Draw() {
  const Seconds now = options_.clock();
  last_draw_ = now;
  if (!options_.is_terminal) {
    const std::string line = FormatLine(stages_, options_.frames(), now);
    if (!line.empty()) options_.write("reel: " + line + "\n");
    return;
  }
  Erase();
  std::string text;
  for (const StageProgress& stage : stages_) {
    // One column stays free, so that no line wraps.
    text += FormatBar(stage, options_.frames(), now, options_.columns - 1);
    text += "\n";
  }
  options_.write(text);
  drawn_lines_ = static_cast<int>(stages_.size());
}

void ProgressDisplay::Erase() {
  if (drawn_lines_ > 0)
    options_.write(fmt::format("\x1b[{}A\x1b[J", drawn_lines_));
  drawn_lines_ = 0;
}

}  // namespace reel::cli
