// av-drift: sound and picture come apart little by little. Methods: growing
// distance of beeps from their flashes (inspect/sync.h); lengths of both in the
// ratio of a known mistake of rates; time stamps that move against the count of
// samples. Thresholds: SoundLimits::offset_*, of the whole growth.
#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "inspect/checks.h"
#include "inspect/sync.h"

namespace reel::inspect {
namespace {

// Conversions that are done to one of the two only: NTSC's pull-down, film
// shown at PAL's rate (from either), and two rates of samples taken for each
// other.
struct Mistake {
  double ratio;  // of the sound's length to the picture's
  const char* name;
};
constexpr Mistake kMistakes[] = {{1.001, "0.1 % pull-down"},
                                 {1 / 1.001, "0.1 % pull-up"},
                                 {25 / 24.0, "24 against 25 Hz"},
                                 {24 / 25.0, "25 against 24 Hz"},
                                 {25.025 / 24, "23.976 against 25 Hz"},
                                 {24 / 25.025, "25 against 23.976 Hz"},
                                 {48 / 44.1, "48 against 44.1 kHz"},
                                 {44.1 / 48, "44.1 against 48 kHz"}};
// By which lengths differ anyway.
constexpr double kTolerance = 0.08;

model::Finding Drift(const TrackFacts& track, double growth, bool certain,
                     const std::string& why, const char* method) {
  const bool spoils =
      certain && std::abs(growth) > track.limits.offset_reject_seconds;
  model::Finding finding =
      track.Found("av-drift", spoils ? track.Reject() : model::Severity::kWarn,
                  0, track.title.End());
  finding.message = fmt::format(
      "Sound and picture come apart by {:.0f} ms over the title: "
      "{}.",
      1000 * growth, why);
  finding.remedy =
      "Convert the sound again for this frame rate; check the sample rate.";
  finding.evidence = {{"growth_seconds", growth}, {"method", method}};
  return finding;
}

Findings ByContent(const TrackFacts& track, const Sync& sync) {
  const double span = sync.pairs.back().picture - sync.pairs.front().picture;
  if (span <= 0) return {};
  // A frame's rounding at both ends proves nothing.
  const double least =
      std::max(track.limits.offset_warn_seconds, track.title.FrameSeconds());
  if (std::abs(sync.growth) <= least) return {};
  return {
      Drift(track, sync.growth / span * track.title.End(), true,
            fmt::format("the first beep comes {:.0f} ms late, the last "
                        "{:.0f} ms",
                        1000 * sync.offset, 1000 * (sync.offset + sync.growth)),
            "beeps")};
}

Findings ByLength(const TrackFacts& track) {
  const double picture = track.title.End();
  const double sound = track.sound.end - track.sound.start;
  for (const Mistake& mistake : kMistakes) {
    const double growth = picture * (mistake.ratio - 1);
    // Other mistakes and usual endings must be farther away.
    const bool telling = std::abs(growth) > 6 * kTolerance;
    if (telling && std::abs(sound - picture - growth) <= kTolerance) {
      return {Drift(track, growth, false,
                    fmt::format("their lengths, {:.3f} s and {:.3f} s, differ "
                                "as by {}",
                                sound, picture, mistake.name),
                    "lengths")};
    }
  }
  return {};
}

Findings ByClock(const TrackFacts& track) {
  const double drift = track.sound.clock_drift_seconds;
  // Clocks that were rounded on the way wander a little.
  if (std::abs(drift) <= track.limits.offset_reject_seconds) return {};
  return {Drift(track, drift, false,
                "the time stamps of the sound move against its samples",
                "timestamps")};
}

}  // namespace

Findings AvDrift(const TrackFacts& track) {
  if (track.sound.samples == 0) return {};
  if (const auto sync = FindSync(track)) return ByContent(track, *sync);
  if (auto found = ByLength(track); !found.empty()) return found;
  return ByClock(track);
}

}  // namespace reel::inspect
