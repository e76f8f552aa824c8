// audio-short: the sound ends before the picture. Method: the end of the last
// sample that is decoded, against the end of the last frame. It spoils the
// title where the picture still moves (its fingerprints change) after sound
// that did not fade out; a held or black last picture needs no sound.
// Thresholds: SoundLimits::short_*.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/sound_check.h"

namespace reel::inspect {
namespace {

// In 1/256 of a luma level: what coding alone changes (frame_duplicated.cc).
constexpr int kStill = 32;

// When the picture last moves.
double MotionEnd(const TitleFacts& title) {
  int64_t frame = std::ssize(title.fingerprints) - 1;
  while (frame > 0 &&
         title.fingerprints[static_cast<size_t>(frame)].change <= kStill) {
    --frame;
  }
  return title.Start(frame) + title.FrameSeconds();
}

}  // namespace

Findings AudioShort(const TrackFacts& track) {
  const SoundLimits& limits = track.limits;
  if (track.sound.samples == 0) return {};
  const double missing = track.title.End() - track.End();
  if (missing <= limits.short_warn_seconds) return {};
  const double moving = MotionEnd(track.title) - track.End();
  const bool spoils = moving > limits.short_reject_seconds &&
                      track.sound.tail_db > limits.short_quiet_db;
  model::Finding finding = track.Found(
      "audio-short", spoils ? track.Reject() : model::Severity::kWarn,
      track.End(), track.title.End());
  finding.message =
      fmt::format("The sound ends at {:.3f} s, {:.3f} s before the picture.",
                  finding.start, missing);
  finding.remedy = "Deliver the whole sound, with silence where there is none.";
  finding.evidence = {{"missing_seconds", missing},
                      {"moving_seconds", std::max(0.0, moving)},
                      {"last_level_db", track.sound.tail_db}};
  return {finding};
}

}  // namespace reel::inspect
