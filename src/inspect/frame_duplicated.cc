// frame-duplicated: a frame that repeats the one before it amid motion:
// stutter. Method: the fingerprints' change (model/fingerprint.h) falls to
// nearly nothing for one frame while both neighbours move. Where more than 15 %
// of all frames repeat, it is how the title was made (animation on twos, a
// converted frame rate) and only pointed out. Longer standstills are not looked
// at here.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

// In 1/256 of a luma level, mean over the picture.
constexpr int kStill = 8;
constexpr int kMoving = 64;
constexpr int kTimesMore = 10;
constexpr double kUsualShare = 0.15;

bool Repeats(const model::Fingerprints& prints, size_t n) {
  const int change = prints[n].change;
  const int least = std::min(prints[n - 1].change, prints[n + 1].change);
  return change <= kStill && least >= kMoving && least >= kTimesMore * change;
}

}  // namespace

Findings FrameDuplicated(const TitleFacts& facts) {
  const model::Fingerprints& prints = facts.fingerprints;
  std::vector<Event> events;
  for (size_t n = 2; n + 1 < prints.size(); ++n) {
    if (!Repeats(prints, n)) continue;
    events.push_back(facts.EventOfFrame(static_cast<int64_t>(n)));
  }
  const bool usual = static_cast<double>(events.size()) >
                     kUsualShare * static_cast<double>(prints.size());
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(events))) {
    findings.push_back(
        {.code = "frame-duplicated",
         .severity = usual ? model::Severity::kInfo : model::Severity::kWarn,
         .stream = facts.source.video.index,
         .start = burst.start,
         .end = burst.end,
         .first_frame = burst.first_frame,
         .message = fmt::format("{} frame(s) repeat the frame before {}.",
                                burst.events, At(burst)),
         .remedy = "Check the conversion of the frame rate or the edit; motion "
                   "stutters there.",
         .evidence = {{"frames", burst.events}}});
  }
  return findings;
}

}  // namespace reel::inspect
