// Mutated clips through all of inspection, in this process: never a crash, a
// hang or much memory, always a verdict. Seeded: a case is told by its number.
//   inspect_mutations FIRST COUNT CLIP…
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/file.h"
#include "testing/inspect_title.h"

namespace reel::inspect {
namespace {

constexpr unsigned kMostSeconds = 20;
constexpr int64_t kMostMemory = int64_t{1} << 30;
using Bytes = std::vector<uint8_t>;
using Random = std::mt19937;

size_t Below(Random& random, size_t end) {
  return end == 0 ? 0 : random() % end;
}

void FlipBits(Bytes& bytes, Random& random) {
  const size_t flips = 1 + Below(random, 40);
  // Half of the time in the first kilobytes, where headers are.
  const size_t end =
      random() % 2 == 0 ? bytes.size() : std::min<size_t>(bytes.size(), 4096);
  for (size_t i = 0; i < flips && end > 0; ++i)
    bytes[Below(random, end)] ^= static_cast<uint8_t>(1u << random() % 8);
}

void Cut(Bytes& bytes, Random& random) {
  bytes.resize(Below(random, bytes.size()));
}

// A stretch is copied over another, or taken out.
void Splice(Bytes& bytes, Random& random) {
  if (bytes.size() < 16) return;
  const size_t length = 1 + Below(random, bytes.size() / 4);
  const size_t from = Below(random, bytes.size() - length);
  const size_t to = Below(random, bytes.size() - length);
  if (random() % 2 == 0) {
    std::memmove(&bytes[to], &bytes[from], length);
  } else {
    bytes.erase(bytes.begin() + static_cast<ptrdiff_t>(from),
                bytes.begin() + static_cast<ptrdiff_t>(from + length));
  }
}

// Sizes of MP4 boxes and counts of their tables: a number before or after one
// of the boxes' names becomes an extreme one.
void Resize(Bytes& bytes, Random& random) {
  static const char* const kNames[] = {
      "moov", "trak", "stsz", "stco", "stts", "ctts", "stsc", "mdat", "stsd",
      "elst", "moof", "trun", "avcC", "hvcC", "esds", "co64", "stss", "ftyp"};
  std::vector<size_t> places;
  for (const char* name : kNames) {
    auto at = bytes.begin();
    while ((at = std::search(at, bytes.end(), name, name + 4)) != bytes.end()) {
      places.push_back(static_cast<size_t>(at - bytes.begin()));
      at += 4;
    }
  }
  if (places.empty()) return FlipBits(bytes, random);
  const size_t place = places[Below(random, places.size())];
  const ptrdiff_t offset =
      random() % 2 == 0 ? -4 : 4 + 4 * ptrdiff_t(random() % 4);
  static const uint32_t kExtremes[] = {
      0, 1, 7, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0};
  const uint32_t value = kExtremes[Below(random, std::size(kExtremes))];
  for (int i = 0; i < 4; ++i) {
    const auto at = static_cast<ptrdiff_t>(place) + offset + i;
    if (at >= 0 && at < std::ssize(bytes))
      bytes[static_cast<size_t>(at)] =
          static_cast<uint8_t>(value >> (24 - 8 * i));
  }
}

Bytes Mutate(Bytes bytes, Random& random) {
  constexpr void (*kMutations[])(Bytes&, Random&) = {FlipBits, Cut, Splice,
                                                     Resize};
  const size_t rounds = 1 + Below(random, 3);
  for (size_t i = 0; i < rounds; ++i)
    kMutations[Below(random, std::size(kMutations))](bytes, random);
  return bytes;
}

// The verdict's first reason, or the error.
std::string Inspect(const std::string& path) {
  constexpr int64_t kPacketsPerPiece = 24;
  const auto inspection = testing::InspectTitle(path, kPacketsPerPiece);
  if (!inspection) return "error: " + inspection.error().message;
  const auto& report = inspection->report;
  return report.findings.empty() ? "accept" : report.findings.front().code;
}

long PeakKilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void OnAlarm(int) {
  constexpr char kText[] = "inspect_mutations: hangs for 20 s\n";
  (void)!write(STDERR_FILENO, kText, sizeof kText - 1);
  std::abort();
}

int Run(unsigned first, unsigned count, const std::vector<std::string>& clips) {
  std::signal(SIGALRM, OnAlarm);
  std::map<std::string, int> verdicts;
  std::string path = std::filesystem::temp_directory_path() /
                     fmt::format("inspect-mutation-{}", getpid());
  int errors = 0;
  for (unsigned seed = first; seed < first + count; ++seed) {
    Random random(seed);
    const std::string& clip = clips[seed % clips.size()];
    const auto original = base::ReadFile(clip);
    if (!original ||
        !base::WriteFileAtomically(path, Mutate(*original, random)))
      return 1;
    std::fprintf(stderr, "\rseed %u  ", seed);
    alarm(kMostSeconds);
    const std::string verdict = Inspect(path);
    alarm(0);
    if (verdict.starts_with("error: ")) {
      fmt::print(stderr, "\nseed {} of {}: {}\n", seed, clip, verdict);
      ++errors;
    }
    ++verdicts[verdict.substr(0, verdict.find(':'))];
    if (int64_t{PeakKilobytes()} * 1024 > kMostMemory) {
      fmt::print(stderr, "\nseed {} of {}: {} KiB of memory\n", seed, clip,
                 PeakKilobytes());
      return 1;
    }
  }
  std::filesystem::remove(path);
  fmt::print("\n{} mutations, {} KiB at most\n", count, PeakKilobytes());
  for (const auto& [verdict, times] : verdicts)
    fmt::print("  {:5} {}\n", times, verdict);
  return errors == 0 ? 0 : 1;
}

}  // namespace
}  // namespace reel::inspect

int main(int count, char** arguments) {
  if (count < 4) {
    std::fputs("inspect_mutations FIRST COUNT CLIP...\n", stderr);
    return 2;
  }
  return reel::inspect::Run(
      static_cast<unsigned>(std::atoi(arguments[1])),
      static_cast<unsigned>(std::atoi(arguments[2])),
      std::vector<std::string>(arguments + 3, arguments + count));
}
