// cadence-pulldown: film at 24 pictures a second carried in 30 or 60: every
// fifth picture made twice, or two of five frames woven from two pictures (3:2
// pulldown, SMPTE EG 2051). Method: in windows of 15 frames, which of five
// phases hold repeats (the medians of the fingerprints' change) and which
// combed frames (inspect/field_weave.h). Threshold: the pattern in at least six
// windows and half of those in which anything moves.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "inspect/checks.h"
#include "inspect/field_weave.h"

namespace reel::inspect {
namespace {

constexpr size_t kPhases = 5;
constexpr size_t kCycles = 3;
constexpr size_t kWindow = kPhases * kCycles;
constexpr int64_t kWindows = 6;
// Medians of change, in 1/256 of a level.
constexpr int kMoving = 160;
constexpr int kTimesLess = 4;

// Whether two neighbouring phases are combed and two others are not, in all
// that tell of two frames of each; the frame between them may look like either.
bool IsWoven(const TitleFacts& facts, size_t first) {
  std::array<int, kPhases> combed{}, whole{};
  for (size_t n = first; n < first + kWindow; ++n) {
    const Fields fields = JudgeWeave(facts.pictures[n].weave);
    whole[n % kPhases] += fields == Fields::kOneMoment;
    combed[n % kPhases] +=
        fields == Fields::kTopFirst || fields == Fields::kBottomFirst;
  }
  const auto is = [&](const auto& these, const auto& those, size_t phase) {
    return these[phase % kPhases] >= 2 && those[phase % kPhases] == 0;
  };
  for (size_t i = 0; i < kPhases; ++i) {
    if (is(combed, whole, i) && is(combed, whole, i + 1) &&
        is(whole, combed, i + 3) &&
        (is(whole, combed, i + 2) || is(whole, combed, i + 4)))
      return true;
  }
  return false;
}

int MedianChange(const TitleFacts& facts, size_t first, size_t phase) {
  std::array<int, kCycles> changes{};
  size_t filled = 0;
  for (size_t n = first; n < first + kWindow; ++n)
    if (n % kPhases == phase) changes[filled++] = facts.fingerprints[n].change;
  std::nth_element(changes.begin(), changes.begin() + kCycles / 2,
                   changes.end());
  return changes[kCycles / 2];
}

// Bit i stands for phase i.
using Pattern = unsigned;

// Which phases repeat: several times stiller than the least of the others.
// nullopt where nothing moves.
std::optional<Pattern> RepeatedPhases(const TitleFacts& facts, size_t first) {
  std::array<std::pair<int, size_t>, kPhases> phases;
  for (size_t i = 0; i < kPhases; ++i)
    phases[i] = {MedianChange(facts, first, i), i};
  std::sort(phases.begin(), phases.end());
  if (phases.back().first < kMoving) return std::nullopt;
  Pattern pattern = 0;
  for (size_t i = 0; i + 1 < kPhases; ++i) {
    pattern |= 1u << phases[i].second;
    if (phases[i + 1].first >= kMoving &&
        phases[i + 1].first >= kTimesLess * phases[i].first)
      return pattern;
  }
  return 0;
}

// Whether `pattern` is `like`, in any phase.
bool IsRotated(Pattern pattern, Pattern like) {
  for (size_t i = 0; i < kPhases; ++i) {
    if (pattern == like) return true;
    like = (like << 1 | like >> (kPhases - 1)) & ((1u << kPhases) - 1);
  }
  return false;
}

struct Count {
  int64_t telling = 0;
  int64_t woven = 0;
  int64_t repeated = 0;
  std::optional<size_t> first;
};

Count CountWindows(const TitleFacts& facts) {
  Count count;
  for (size_t n = 1; n + kWindow <= facts.pictures.size(); n += kPhases) {
    const bool woven = IsWoven(facts, n);
    const auto repeated = RepeatedPhases(facts, n);
    // One of five at 30 frames a second, three of five at 60.
    const bool twice = repeated && (IsRotated(*repeated, 0b00001) ||
                                    IsRotated(*repeated, 0b01101));
    count.telling += woven || repeated;
    count.woven += woven;
    count.repeated += !woven && twice;
    if ((woven || twice) && !count.first) count.first = n;
  }
  return count;
}

}  // namespace

Findings CadencePulldown(const TitleFacts& facts) {
  const Count count = CountWindows(facts);
  const int64_t windows = count.woven + count.repeated;
  if (windows < kWindows || 2 * windows < count.telling) return {};
  const bool woven = count.woven >= count.repeated;
  return {{.code = "cadence-pulldown",
           .severity = model::Severity::kWarn,
           .stream = facts.source.video.index,
           .start = facts.Start(static_cast<int64_t>(*count.first)),
           .end = facts.End(),
           .first_frame = static_cast<int64_t>(*count.first),
           .message = fmt::format(
               "The picture carries a 3:2 pulldown: {}.",
               woven ? "two of five frames are woven from two pictures"
                     : "pictures are repeated in a rhythm of five"),
           .remedy = "Deliver the original pictures at their own rate (inverse "
                     "telecine); motion judders and bits are wasted otherwise.",
           .evidence = {{"windows", windows},
                        {"telling_windows", count.telling},
                        {"woven", woven}}}};
}

}  // namespace reel::inspect
