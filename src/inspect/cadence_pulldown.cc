// cadence-pulldown: film at 24 pictures a second carried in 30 or 60: every
// fifth picture made twice, or two of five frames woven from two pictures (3:2
// pulldown, SMPTE EG 2051). Method: in windows of 120 frames, which of five
// phases hold repeats (the medians of the fingerprints' change) and which
// combed frames (inspect/field_weave.h). Threshold: the pattern in at least two
// windows and half of those that tell.
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
constexpr size_t kWindow = 120;
constexpr size_t kStep = 60;
constexpr int64_t kWindows = 2;
constexpr int kEnough = 3;  // frames of a phase that tell
// Medians of change, in 1/256 of a level.
constexpr int kMoving = 64;
constexpr int kTimesLess = 4;

// Bit i stands for phase i; nullopt when a phase does not tell.
using Pattern = std::optional<unsigned>;

// Which phases are combed: four in five of the frames that tell.
Pattern CombedPhases(const TitleFacts& facts, size_t first) {
  std::array<int, kPhases> combed{}, whole{};
  for (size_t n = first; n < first + kWindow; ++n) {
    const Fields fields = JudgeWeave(facts.pictures[n].weave);
    whole[n % kPhases] += fields == Fields::kOneMoment;
    combed[n % kPhases] +=
        fields == Fields::kTopFirst || fields == Fields::kBottomFirst;
  }
  unsigned pattern = 0;
  for (size_t i = 0; i < kPhases; ++i) {
    const int most = std::max(combed[i], whole[i]);
    if (most < kEnough || 5 * most < 4 * (combed[i] + whole[i]))
      return std::nullopt;
    if (combed[i] > whole[i]) pattern |= 1u << i;
  }
  return pattern;
}

int MedianChange(const TitleFacts& facts, size_t first, size_t phase) {
  std::vector<int> changes;
  for (size_t n = first; n < first + kWindow; ++n)
    if (n % kPhases == phase) changes.push_back(facts.fingerprints[n].change);
  const auto middle = changes.begin() + std::ssize(changes) / 2;
  std::nth_element(changes.begin(), middle, changes.end());
  return *middle;
}

// Which phases repeat: several times stiller than the least of the others.
Pattern RepeatedPhases(const TitleFacts& facts, size_t first) {
  std::array<std::pair<int, size_t>, kPhases> phases;
  for (size_t i = 0; i < kPhases; ++i)
    phases[i] = {MedianChange(facts, first, i), i};
  std::sort(phases.begin(), phases.end());
  if (phases.back().first < kMoving) return std::nullopt;
  unsigned pattern = 0;
  for (size_t i = 0; i + 1 < kPhases; ++i) {
    pattern |= 1u << phases[i].second;
    if (phases[i + 1].first >= kMoving &&
        phases[i + 1].first >= kTimesLess * phases[i].first)
      return pattern;
  }
  return 0;
}

// Whether `pattern` is `like`, in any phase.
bool IsRotated(unsigned pattern, unsigned like) {
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
  for (size_t n = 1; n + kWindow <= facts.pictures.size(); n += kStep) {
    const Pattern combed = CombedPhases(facts, n);
    const Pattern repeated = RepeatedPhases(facts, n);
    // The frame after two woven ones may look woven too.
    const bool woven =
        combed && (IsRotated(*combed, 0b00011) || IsRotated(*combed, 0b00111));
    // One of five at 30 frames a second, three of five at 60.
    const bool twice = repeated && (IsRotated(*repeated, 0b00001) ||
                                    IsRotated(*repeated, 0b01101));
    count.telling += combed || repeated;
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
