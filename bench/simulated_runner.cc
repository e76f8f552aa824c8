#include "simulated_runner.h"

#include <fmt/format.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <random>
#include <string>

#include "base/digest.h"

namespace reel::bench {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;
using workflow::fleet::AttemptEnd;
using workflow::fleet::AttemptReport;
using workflow::fleet::StartedTask;

constexpr double kSlow = 6;
constexpr double kNoise = 0.15;  // of how long a task takes

class SimulatedRunner : public workflow::fleet::TaskRunner {
 public:
  SimulatedRunner(double scale, const Faults& faults)
      : scale_(scale),
        faults_(faults),
        timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {}
  ~SimulatedRunner() override { ::close(timer_); }

  base::Status Begin(const StartedTask& task) override {
    spec_ = *task.spec;
    // The same attempt fares the same in every run.
    std::minstd_rand random(static_cast<uint32_t>(
        std::hash<std::string>{}(task.task_id) + 7919 * task.fence));
    random.discard(3);
    std::uniform_real_distribution<double> draw;
    std::normal_distribution<double> noise(0, kNoise);
    double seconds = spec_.params.at("seconds").get<double>() *
                     std::exp(noise(random) - kNoise * kNoise / 2);
    if (draw(random) < faults_.stragglers) seconds *= kSlow;
    crashes_ = draw(random) < faults_.crashes;
    if (crashes_) seconds *= draw(random);
    length_ = duration<double>(seconds / scale_);
    began_ = steady_clock::now();
    SetTimer(std::max(std::chrono::duration_cast<nanoseconds>(length_),
                      nanoseconds(1)));
    return {};
  }
  int descriptor() const override { return timer_; }
  std::optional<AttemptReport> Poll() override {
    uint64_t expired = 0;
    if (::read(timer_, &expired, sizeof expired) != sizeof expired)
      return std::nullopt;
    AttemptReport report;
    report.usage = {length_.count(), length_.count(), 200'000'000};
    if (crashes_) {
      report.error = {base::Code::kInternal, "Segmentation fault"};
      report.crashed = true;
      report.signal = SIGSEGV;
      return report;
    }
    report.end = AttemptEnd::kDone;
    report.parts = spec_.parts;
    if (spec_.parts.empty()) {
      for (const char* name : {"record.json", "init.mp4", "fragments.bin"})
        AddOutput(name, report);
    }
    for (const workflow::Part& part : spec_.parts) {
      for (const std::string& name : part.outputs) AddOutput(name, report);
    }
    return report;
  }
  double fraction() const override {
    const duration<double> ran = steady_clock::now() - began_;
    return std::min(1.0, ran / length_);
  }
  void Kill() override { SetTimer(nanoseconds(0)); }

 private:
  void SetTimer(nanoseconds from_now) const {
    constexpr int64_t kSecond = 1'000'000'000;
    itimerspec when{};
    when.it_value.tv_sec = from_now.count() / kSecond;
    when.it_value.tv_nsec = from_now.count() % kSecond;
    ::timerfd_settime(timer_, 0, &when, nullptr);
  }
  // Nobody reads these objects: there are none.
  void AddOutput(const std::string& name, AttemptReport& report) const {
    const std::string task = spec_.params.at("task");
    report.artifacts[name] = {base::Sha256(task + name), 1'000'000};
  }

  const double scale_;
  const Faults faults_;
  const int timer_;
  workflow::TaskSpec spec_;
  bool crashes_ = false;
  duration<double> length_{};
  steady_clock::time_point began_{};
};

}  // namespace

std::unique_ptr<workflow::fleet::TaskRunner> MakeSimulatedRunner(
    double scale, const Faults& faults) {
  return std::make_unique<SimulatedRunner>(scale, faults);
}

}  // namespace reel::bench
