// audio-phase: one of two channels is upside down, so that mono listeners hear
// nothing of what is in the middle. Method: correlation of left and right per
// tenth of a second, as of a phase meter: below -0.7 for most of the title, or
// for long. Wide stereo stays around 0. Thresholds: SoundLimits::phase_*.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "inspect/checks.h"
#include "inspect/sound_check.h"
#include "inspect/sound_levels.h"

namespace reel::inspect {
namespace {

model::Finding Opposed(const TrackFacts& track, double start, double end) {
  const StereoFacts& stereo = track.sound.stereo;
  model::Finding finding =
      track.Found("audio-phase", model::Severity::kWarn, start, end);
  const double all = stereo.mid_energy + stereo.side_energy;
  const double loss_db = PowerDb(stereo.mid_energy / std::max(all, 1e-12));
  finding.message = fmt::format(
      "From {:.3f} s to {:.3f} s left and right are out of phase: what both "
      "hold is lost in mono.",
      finding.start, finding.end);
  finding.remedy = "Invert one of the two channels, and check the downmix.";
  finding.evidence = {{"correlation", (stereo.mid_energy - stereo.side_energy) /
                                          std::max(all, 1e-12)},
                      {"mono_level_db", loss_db},
                      {"opposed_share", static_cast<double>(stereo.opposed) /
                                            static_cast<double>(stereo.loud)}};
  return finding;
}

}  // namespace

Findings AudioPhase(const TrackFacts& track) {
  const StereoFacts& stereo = track.sound.stereo;
  const auto loud = static_cast<double>(stereo.loud);
  if (loud < 10 * track.limits.phase_least_seconds) return {};
  if (static_cast<double>(stereo.opposed) >=
      track.limits.phase_warn_share * loud) {
    return {Opposed(track, track.Start(), track.End())};
  }
  Findings findings;
  for (const Stretch& stretch : stereo.opposed_stretches) {
    if (stretch.end - stretch.start >= track.limits.phase_warn_seconds &&
        findings.size() < kMaxFindings) {
      findings.push_back(
          Opposed(track, track.Time(stretch.start), track.Time(stretch.end)));
    }
  }
  return findings;
}

}  // namespace reel::inspect
