// flash-frame: one or two frames of another picture, or black ones, within a
// shot: a slip of the edit. Method: distances of fingerprints (model/
// fingerprint_match.h): the frames are far from both neighbours, and the
// neighbours near each other. A flash of light only adds light; a stray frame
// is brighter in some cells of the picture and darker in others. Threshold: 20
// levels, and four times the neighbours' distance; a tenth of the cells each
// way. Warned of.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/frame_runs.h"
#include "model/fingerprint_match.h"

namespace reel::inspect {
namespace {

constexpr size_t kMostFrames = 2;
constexpr double kFarLevels = 20;
constexpr double kTimesMore = 4;
constexpr int kLightSteps = 20;  // of PictureStats::light
constexpr size_t kTenth = kLightCells / 10;

// Whether `frame` takes light from the picture before it and adds some, or
// takes all.
bool IsAnotherPicture(const TitleFacts& facts, size_t before, size_t frame) {
  if (IsBlackPicture(facts, frame)) return true;
  size_t darker = 0, brighter = 0;
  for (size_t i = 0; i < kLightCells; ++i) {
    const int change =
        facts.pictures[frame].light[i] - facts.pictures[before].light[i];
    darker += change < -kLightSteps;
    brighter += change > kLightSteps;
  }
  return darker >= kTenth && brighter >= kTenth;
}

// Whether frames [n, n + length) are strays.
bool IsStray(const TitleFacts& facts, size_t n, size_t length) {
  const model::Fingerprints& prints = facts.fingerprints;
  const model::Fingerprint& before = prints[n - 1];
  const model::Fingerprint& after = prints[n + length];
  const double in = DistanceLevels(before, prints[n]);
  const double out = DistanceLevels(prints[n + length - 1], after);
  const double across = DistanceLevels(before, after);
  if (std::min(in, out) < kFarLevels || std::min(in, out) < kTimesMore * across)
    return false;
  return IsAnotherPicture(facts, n - 1, n);
}

}  // namespace

Findings FlashFrame(const TitleFacts& facts) {
  std::vector<Event> events;
  for (size_t length = 1; length <= kMostFrames; ++length) {
    for (size_t n = 1; n + length < facts.frames.size(); ++n) {
      if (!IsStray(facts, n, length)) continue;
      Event event = facts.EventOfFrame(static_cast<int64_t>(n));
      event.weight = static_cast<int64_t>(length);
      event.end = facts.Start(static_cast<int64_t>(n + length));
      events.push_back(event);
    }
  }
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(events))) {
    findings.push_back(
        {.code = "flash-frame",
         .severity = model::Severity::kWarn,
         .stream = facts.source.video.index,
         .start = burst.start,
         .end = burst.end,
         .first_frame = burst.first_frame,
         .message = fmt::format("{} frame(s) of another picture flash up {}.",
                                burst.weight, At(burst)),
         .remedy = "Check the edit there: a frame of another shot was left in.",
         .evidence = {{"frames", burst.weight}, {"places", burst.events}}});
  }
  return findings;
}

}  // namespace reel::inspect
