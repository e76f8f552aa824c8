// The cost of VMAF's features per luma pixel, decoding left out:
//
//   bench_vmaf REF DIST [--rounds N] [--target NAME] [--once WHAT]
//
// Each kind of vectors that this machine has scores the first frames of two
// files of one size, in one thread. Cycles and instructions are the processor's
// own counts in user space where the kernel gives them (as `perf stat` does);
// else cycles are CPU time by a clock that is measured beside it. The least of
// the rounds is printed: others on the machine only ever add. --once is for
// callgrind: it scores one pair (single), two (pair), or one pair and a further
// distorted picture (further), and stops.
#include <fmt/format.h>
#include <hwy/targets.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "quality/quality.h"

namespace {

using namespace reel;

constexpr size_t kFrames = 6;

// A hardware counter of this thread in user space.
class Counter {
 public:
  explicit Counter(uint64_t what) {
    perf_event_attr attributes{};
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof(attributes);
    attributes.config = what;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    descriptor_ = static_cast<int>(
        ::syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
  }
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool works() const { return descriptor_ >= 0; }
  double Read() const {
    uint64_t value = 0;
    if (::read(descriptor_, &value, sizeof(value)) != sizeof(value)) return 0;
    return static_cast<double>(value);
  }

 private:
  int descriptor_ = -1;
};

double CpuSeconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// Cycles a second: a chain of multiplications, each of which waits for the one
// before, takes 3 cycles a link on the x86 processors since 2008, and on ARM's
// larger ones.
double ClockRate() {
  constexpr int kLinks = 6'000'000;
  const double start = CpuSeconds();
  uint64_t x = 3;
  for (int i = 0; i < kLinks; ++i) {
    x *= x;
    __asm__ volatile("" : "+r"(x));
  }
  return 3.0 * kLinks / (CpuSeconds() - start);
}

struct Cost {
  double cycles = 1e18;
  double instructions = 1e18;
};

class Meter {
 public:
  bool has_counters() const { return cycles_.works() && instructions_.works(); }
  // Keeps the least in `least`.
  void Measure(double pixels, const std::function<void()>& work,
               Cost& least) const {
    Cost cost;
    if (has_counters()) {
      const double cycles = cycles_.Read();
      const double instructions = instructions_.Read();
      work();
      cost = {cycles_.Read() - cycles, instructions_.Read() - instructions};
    } else {
      const double rate = ClockRate();
      const double start = CpuSeconds();
      work();
      const double seconds = CpuSeconds() - start;
      cost.cycles = seconds * std::max(rate, ClockRate());
    }
    least.cycles = std::min(least.cycles, cost.cycles / pixels);
    least.instructions =
        std::min(least.instructions, cost.instructions / pixels);
  }

 private:
  Counter cycles_{PERF_COUNT_HW_CPU_CYCLES};
  Counter instructions_{PERF_COUNT_HW_INSTRUCTIONS};
};

base::Result<std::vector<media::Picture>> ReadFrames(const std::string& path) {
  REEL_ASSIGN(const auto file, quality::PictureFile::Open(path));
  std::vector<media::Picture> frames;
  while (frames.size() < kFrames) {
    REEL_ASSIGN(auto next, file->Next());
    if (!next) break;
    frames.push_back(std::move(next->picture));
  }
  return frames;
}

struct Options {
  std::vector<std::string> files;
  int rounds = 40;
  std::string target;
  std::string once;
};

class Bench {
 public:
  static base::Result<Bench> Open(const Options& options) {
    Bench bench;
    REEL_ASSIGN(bench.reference_, ReadFrames(options.files[0]));
    REEL_ASSIGN(bench.distorted_, ReadFrames(options.files[1]));
    if (bench.reference_.empty() ||
        bench.reference_.size() != bench.distorted_.size()) {
      return base::Fail(base::Code::kInvalidArgument,
                        "the files differ in frames, or have none");
    }
    const media::Picture& first = bench.reference_.front();
    bench.format_ = {first.width(), first.height(), first.bit_depth()};
    return bench;
  }

  const quality::Format& format() const { return format_; }

  // One frame of the reference, and of the distorted file against it.
  base::Status SetUp() {
    REEL_ASSIGN(known_, quality::ReferenceFrame::Create(format_));
    REEL_ASSIGN(scorer_, quality::Scorer::Create(format_));
    return {};
  }
  void TakeReference(size_t i) {
    const size_t before = (i + reference_.size() - 1) % reference_.size();
    Check(known_->Set(reference_[i].plane(0), reference_[before].plane(0)));
  }
  void Score(size_t i) {
    Check(scorer_->Score(*known_, distorted_[i].plane(0), {}));
  }
  size_t frames() const { return reference_.size(); }

 private:
  template <typename T>
  static void Check(const T& result) {
    if (result) return;
    fmt::print(stderr, "{}\n", result.error().message);
    std::exit(1);
  }
  quality::Format format_;
  std::vector<media::Picture> reference_;
  std::vector<media::Picture> distorted_;
  std::optional<quality::ReferenceFrame> known_;
  std::optional<quality::Scorer> scorer_;
};

base::Status MeasureTarget(Bench& bench, const Options& options,
                           const char* name, const Meter& meter) {
  REEL_TRY(bench.SetUp());
  const double pixels =
      static_cast<double>(bench.format().width) * bench.format().height;
  Cost reference;
  Cost further;
  for (int round = 0; round < options.rounds; ++round) {
    const size_t i = static_cast<size_t>(round) % bench.frames();
    meter.Measure(
        pixels, [&] { bench.TakeReference(i); }, reference);
    meter.Measure(
        pixels, [&] { bench.Score(i); }, further);
  }
  fmt::print("{:10} {:10.1f} {:10.1f} {:10.1f}", name, reference.cycles,
             reference.cycles + further.cycles, further.cycles);
  if (meter.has_counters()) {
    fmt::print(" {:10.1f} {:10.1f}",
               reference.instructions + further.instructions,
               further.instructions);
  }
  fmt::print("\n");
  return {};
}

base::Status Run(const Options& options) {
  REEL_ASSIGN(Bench bench, Bench::Open(options));
  if (!options.once.empty()) {
    REEL_TRY(bench.SetUp());
    bench.TakeReference(0);
    bench.Score(0);
    if (options.once == "further") bench.Score(0);
    if (options.once == "pair") {
      bench.TakeReference(0);
      bench.Score(0);
    }
    return {};
  }
  const Meter meter;
  fmt::print("{}x{}, {} bit; one thread; per luma pixel, {}\n",
             bench.format().width, bench.format().height,
             bench.format().bit_depth,
             meter.has_counters() ? "counted by the processor"
                                  : "CPU time by the measured clock");
  fmt::print("{:10} {:>10} {:>10} {:>10}{}\n", "cycles:", "reference", "pair",
             "further",
             meter.has_counters() ? "  instr.: pair    further" : "");
  for (int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    const int64_t target = left & -left;
    const char* name = hwy::TargetName(target);
    if (target >= HWY_EMU128) continue;
    if (!options.target.empty() && options.target != name) continue;
    hwy::SetSupportedTargetsForTest(target);
    REEL_TRY(MeasureTarget(bench, options, name, meter));
    hwy::SetSupportedTargetsForTest(0);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = [&] { return i + 1 < argc ? argv[++i] : ""; };
    if (argument == "--rounds")
      options.rounds = std::max(1, std::atoi(value()));
    else if (argument == "--target")
      options.target = value();
    else if (argument == "--once")
      options.once = value();
    else
      options.files.push_back(argument);
  }
  if (options.files.size() != 2) {
    fmt::print(stderr,
               "usage: bench_vmaf REF DIST [--rounds N] "
               "[--target NAME] [--once single|pair|further]\n");
    return 2;
  }
  const auto status = Run(options);
  if (!status) fmt::print(stderr, "{}\n", status.error().message);
  return status ? 0 : 1;
}
