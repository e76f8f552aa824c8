// audio-clipping: the tops of the wave are cut off; it sounds harsh, and no
// later step can undo it. Method: flat tops and pile-up of magnitudes, per
// second (inspect/clip_meter.h). Loud masters have a few; a share of each
// second that is heard is warned of. Threshold: SoundLimits::clipping_*.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/sound_check.h"

namespace reel::inspect {
namespace {

model::Finding Clipped(const TrackFacts& track, model::Severity severity,
                       double start, double end) {
  const ClippingFacts& clipping = track.sound.clipping;
  const int worst = *std::max_element(clipping.ppm.begin(), clipping.ppm.end());
  model::Finding finding = track.Found("audio-clipping", severity, start, end);
  finding.message = fmt::format(
      "The sound is cut off at {:.0f} % of full scale: up to {:.2f} % of a "
      "second's samples, from {:.3f} s to {:.3f} s.",
      100 * clipping.level, worst / 1e4, finding.start, finding.end);
  finding.remedy = "Mix or convert it again at a lower level.";
  finding.evidence = {{"worst_share", worst / 1e6},
                      {"level", clipping.level},
                      {"samples_beyond_full_scale", clipping.overs},
                      {"true_peak_dbtp", track.sound.loudness.true_peak_dbtp}};
  return finding;
}

// Samples beyond full scale, where the tops themselves show no cut any more.
Findings Beyond(const TrackFacts& track) {
  const SoundFacts& sound = track.sound;
  const double share =
      static_cast<double>(sound.clipping.overs) /
      (static_cast<double>(std::max<int64_t>(sound.samples, 1)) *
       std::max(sound.channels, 1));
  if (share < track.limits.clipping_overs_info_share) return {};
  model::Finding finding = track.Found(
      "audio-clipping",
      share >= track.limits.clipping_overs_warn_share ? model::Severity::kWarn
                                                      : model::Severity::kInfo,
      track.Start(), track.End());
  finding.message = fmt::format(
      "{:.2f} % of the samples lie beyond full scale: the sound was cut off "
      "before it was coded, or will be when it is played.",
      100 * share);
  finding.remedy = "Mix or convert it again at a lower level.";
  finding.evidence = {{"samples_beyond_full_scale", sound.clipping.overs},
                      {"share", share},
                      {"true_peak_dbtp", sound.loudness.true_peak_dbtp}};
  return {finding};
}

}  // namespace

Findings AudioClipping(const TrackFacts& track) {
  const std::vector<int>& ppm = track.sound.clipping.ppm;
  std::vector<Event> heavy;
  std::vector<Event> light;
  for (size_t second = 0; second < ppm.size(); ++second) {
    if (ppm[second] == 0) continue;
    const double start = track.Start() + static_cast<double>(second);
    const Event event = track.EventAt(start, std::min(start + 1, track.End()));
    const bool heard = ppm[second] >= 1e6 * track.limits.clipping_warn_share;
    (heard ? heavy : light).push_back(event);
  }
  Findings findings;
  for (const Burst& burst : JoinEvents(heavy)) {
    findings.push_back(
        Clipped(track, model::Severity::kWarn, burst.start, burst.end));
  }
  if (heavy.empty() && light.empty()) return Beyond(track);
  if (heavy.empty()) {
    findings.push_back(Clipped(track, model::Severity::kInfo,
                               light.front().start, light.back().end));
  }
  return findings;
}

}  // namespace reel::inspect
