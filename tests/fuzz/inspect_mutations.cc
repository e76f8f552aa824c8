// Mutated clips and IMF packages through all of inspection, in this process:
// never a crash, a hang or much memory, always a verdict, and no file opened
// outside of a package. Seeded: a case is told by its number.
//   inspect_mutations FIRST COUNT [--keep DIR] CLIP|PACKAGE…
// DIR gets the cases that are not rejected, and those that go wrong.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "fuzz/hostile_package.h"
#include "fuzz/mutations.h"
#include "imf/imf.h"
#include "testing/inspect_title.h"
#include "testing/temp_dir.h"

namespace reel::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr int kMostSeconds = 20;  // of CPU: other work may slow us down
constexpr int kMostWallSeconds = 200;
constexpr int64_t kMostMemory = int64_t{1} << 30;
constexpr int64_t kPacketsPerPiece = 24;
// A composition that repeats its essence for a day is sound: a person would
// wait for it. Here it is only opened.
constexpr int64_t kMostUnits = 2000;

// What became of a case: its verdict and first reason.
using Verdict = std::pair<std::string, std::string>;

Verdict VerdictOf(const model::InspectionReport& report) {
  return {base::Json(report.verdict).get<std::string>(),
          report.findings.empty() ? "" : report.findings.front().code};
}

base::Result<Verdict> InspectClip(const std::string& path) {
  REEL_ASSIGN(const inspect::Inspection inspection,
              testing::InspectTitle(path, kPacketsPerPiece));
  return VerdictOf(inspection.report);
}

base::Result<Verdict> InspectPackage(const std::string& directory,
                                     const std::string& scratch) {
  std::vector<imf::KnownDigest> memory;
  REEL_ASSIGN(
      const imf::Package package,
      imf::OpenPackage({.directory = directory,
                        .several = imf::PackageRequest::Several::kFirst},
                       memory, {}));
  const auto& composition = package.composition;
  if (!composition || composition->tracks.front().Units() > kMostUnits)
    return VerdictOf(model::MakeInspectionReport(package.findings));
  const std::string path = scratch + "/composition";
  REEL_TRY(base::WriteFileAtomically(
      path, base::AsBytes(model::Serialize(*composition))));
  return InspectClip(std::string(model::kCompositionScheme) + path);
}

double CpuSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

int64_t PeakBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

void OnAlarm(int) {
  constexpr char kText[] = "inspect_mutations: hangs\n";
  (void)!write(STDERR_FILENO, kText, sizeof kText - 1);
  std::abort();
}

// Aborts if what follows hangs; 0 ends the watch.
void WatchTime(int cpu_seconds, int wall_seconds) {
  const itimerval cpu{.it_interval = {},
                      .it_value = {.tv_sec = cpu_seconds, .tv_usec = 0}};
  setitimer(ITIMER_PROF, &cpu, nullptr);
  alarm(static_cast<unsigned>(wall_seconds));
}

class Run {
 public:
  Run(std::vector<std::string> inputs, Secret secret, std::string keep)
      : inputs_(std::move(inputs)),
        secret_(std::move(secret)),
        keep_(std::move(keep)) {}

  // Whether all went well.
  bool Try(unsigned seed) {
    const std::string& input = inputs_[seed % inputs_.size()];
    std::fprintf(stderr, "\rseed %u  ", seed);
    const testing::TempDir scratch;
    const double start = CpuSeconds();
    const auto verdict = Inspect(seed, input, scratch.path());
    if (!keep_.empty() && (!verdict || verdict->first != "reject"))
      Keep(scratch.path() + "/hostile", seed);
    slowest_ = std::max(slowest_, {CpuSeconds() - start, seed});
    ++verdicts_[verdict.value_or(Verdict{"error", ""})];
    std::string wrong;
    if (!verdict) wrong = verdict.error().message;
    if (secret_.WasOpened()) wrong += " opened a file outside of the package";
    if (PeakBytes() > kMostMemory) wrong += " takes more than 1 GiB";
    if (wrong.empty()) return true;
    fmt::print(stderr, "\nseed {} of {}: {}\n", seed, input, wrong);
    return false;
  }

  void Tell() const {
    fmt::print("\npeak memory {} MiB; slowest: seed {}, {:.1f} s\n",
               PeakBytes() >> 20, slowest_.second, slowest_.first);
    for (const auto& [verdict, times] : verdicts_)
      fmt::print("  {:5} {} {}\n", times, verdict.first, verdict.second);
  }

 private:
  void Keep(const std::string& path, unsigned seed) const {
    std::error_code ignored;
    fs::create_directories(keep_, ignored);
    fs::copy(path, fmt::format("{}/{}", keep_, seed),
             fs::copy_options::recursive | fs::copy_options::copy_symlinks,
             ignored);
  }

  base::Result<Verdict> Inspect(unsigned seed, const std::string& input,
                                const std::string& scratch) {
    Random random(seed);
    const std::string path = scratch + "/hostile";
    if (fs::is_directory(input)) {
      REEL_TRY(MakeHostilePackage(input, path, secret_.path(), random));
      (void)secret_.WasOpened();
      WatchTime(kMostSeconds, kMostWallSeconds);
      auto verdict = InspectPackage(path, scratch);
      WatchTime(0, 0);
      return verdict;
    }
    REEL_ASSIGN(Bytes bytes, base::ReadFile(input));
    REEL_TRY(
        base::WriteFileAtomically(path, MutateMedia(std::move(bytes), random)));
    WatchTime(kMostSeconds, kMostWallSeconds);
    auto verdict = InspectClip(path);
    WatchTime(0, 0);
    return verdict;
  }

  std::vector<std::string> inputs_;
  Secret secret_;
  std::string keep_;
  std::map<Verdict, int> verdicts_;
  std::pair<double, unsigned> slowest_{};
};

int Main(unsigned first, unsigned count, std::vector<std::string> inputs) {
  std::signal(SIGALRM, OnAlarm);
  std::signal(SIGPROF, OnAlarm);
  const testing::TempDir outside;
  auto secret = Secret::Plant("/proc/self/exe", outside.path() + "/secret.mxf");
  if (!secret) {
    fmt::print(stderr, "{}\n", secret.error().message);
    return 2;
  }
  std::string keep;
  if (inputs.size() > 2 && inputs.front() == "--keep") {
    keep = inputs[1];
    inputs.erase(inputs.begin(), inputs.begin() + 2);
  }
  Run run(std::move(inputs), *std::move(secret), std::move(keep));
  unsigned failures = 0;
  for (unsigned seed = first; seed < first + count; ++seed)
    failures += run.Try(seed) ? 0 : 1;
  run.Tell();
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace reel::fuzz

int main(int count, char** arguments) {
  if (count < 4) {
    std::fputs("inspect_mutations FIRST COUNT [--keep DIR] CLIP|PACKAGE...\n",
               stderr);
    return 2;
  }
  return reel::fuzz::Main(
      static_cast<unsigned>(std::atoi(arguments[1])),
      static_cast<unsigned>(std::atoi(arguments[2])),
      std::vector<std::string>(arguments + 3, arguments + count));
}
