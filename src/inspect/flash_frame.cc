// flash-frame: one or two frames of another picture within a shot, or between
// two: a slip of the edit. Method: distances of fingerprints (model/
// fingerprint_match.h): the frames are far from both neighbours, and the
// neighbours near each other; a flash of light keeps the picture's structure
// (the correlation of the projections), a stray frame does not. Threshold:
// 20 levels, and four times the neighbours' distance. Stray frames are warned
// of, flashes of light are not told.
#include <fmt/format.h>

#include <cmath>

#include "inspect/checks.h"
#include "model/fingerprint_match.h"

namespace reel::inspect {
namespace {

constexpr size_t kMostFrames = 2;
constexpr double kFarLevels = 20;
constexpr double kTimesMore = 4;
constexpr double kSameStructure = 0.5;

double Correlation(const model::Fingerprint& a, const model::Fingerprint& b) {
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.projection.size(); ++i) {
    const double x = a.projection[i], y = b.projection[i];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 1;
}

// Whether frames [n, n + length) are strays.
bool IsStray(const model::Fingerprints& prints, size_t n, size_t length) {
  const model::Fingerprint& before = prints[n - 1];
  const model::Fingerprint& after = prints[n + length];
  const double in = DistanceLevels(before, prints[n]);
  const double out = DistanceLevels(prints[n + length - 1], after);
  const double across = DistanceLevels(before, after);
  if (std::min(in, out) < kFarLevels || std::min(in, out) < kTimesMore * across)
    return false;
  return Correlation(before, prints[n]) < kSameStructure;
}

}  // namespace

Findings FlashFrame(const TitleFacts& facts) {
  const model::Fingerprints& prints = facts.fingerprints;
  std::vector<Event> events;
  for (size_t length = 1; length <= kMostFrames; ++length) {
    for (size_t n = 1; n + length < prints.size(); ++n) {
      if (!IsStray(prints, n, length)) continue;
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
