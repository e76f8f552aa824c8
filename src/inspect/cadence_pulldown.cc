// cadence-pulldown: film at 24 pictures a second carried in 30 or 60: every
// fifth picture made twice, or two of five frames woven from two pictures (3:2
// pulldown, SMPTE EG 2051). Method: in windows of 60 frames, which of five
// phases hold repeats (the fingerprints' change) and which combed frames
// (inspect/field_weave.h). Threshold: the pattern in at least three windows and
// half of those in which enough moves to tell.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "inspect/checks.h"
#include "inspect/field_weave.h"

namespace reel::inspect {
namespace {

constexpr size_t kPhases = 5;
constexpr size_t kWindow = 60;
constexpr int kEnough = 4;  // frames of a phase that tell
constexpr int64_t kWindows = 3;

// What one phase of a window shows.
struct Phase {
  int yes = 0;
  int no = 0;
  bool Is() const { return yes >= kEnough && 5 * yes >= 4 * (yes + no); }
  bool IsNot() const { return no >= kEnough && 5 * no >= 4 * (yes + no); }
};
using Phases = std::array<Phase, kPhases>;

Phases CombedPhases(const TitleFacts& facts, size_t first) {
  Phases phases{};
  for (size_t n = first; n < first + kWindow; ++n) {
    const Fields fields = JudgeWeave(facts.pictures[n].weave);
    Phase& phase = phases[n % kPhases];
    phase.no += fields == Fields::kOneMoment;
    phase.yes += fields == Fields::kTopFirst || fields == Fields::kBottomFirst;
  }
  return phases;
}

// A repeat changes less than a tenth of what moving frames of the window do.
Phases RepeatedPhases(const TitleFacts& facts, size_t first) {
  constexpr int kMoving = 64;  // 1/256 of a level
  std::array<int64_t, kPhases> sums{};
  for (size_t n = first; n < first + kWindow; ++n)
    sums[n % kPhases] += facts.fingerprints[n].change;
  const int64_t most = *std::max_element(sums.begin(), sums.end()) /
                       static_cast<int64_t>(kWindow / kPhases);
  Phases phases{};
  if (most < kMoving) return phases;
  for (size_t n = first; n < first + kWindow; ++n) {
    const int change = facts.fingerprints[n].change;
    phases[n % kPhases].yes += 10 * change <= most;
    phases[n % kPhases].no += 3 * change >= most;
  }
  return phases;
}

// How many phases are, if all others are not: a bit per phase.
std::optional<unsigned> Pattern(const Phases& phases) {
  unsigned pattern = 0;
  for (size_t i = 0; i < kPhases; ++i) {
    if (!phases[i].Is() && !phases[i].IsNot()) return std::nullopt;
    if (phases[i].Is()) pattern |= 1u << i;
  }
  return pattern;
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
  for (size_t n = 1; n + kWindow <= facts.pictures.size(); n += kWindow) {
    const auto combed = Pattern(CombedPhases(facts, n));
    const auto repeated = Pattern(RepeatedPhases(facts, n));
    const bool woven = combed && IsRotated(*combed, 0b00011);
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
