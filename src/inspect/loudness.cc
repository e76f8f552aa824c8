// loudness: programme loudness after EBU R128 (ITU-R BS.1770-4), loudness range
// (EBU Tech 3342) and true peak. What is right depends on who orders the title
// (-23 LUFS in Europe's broadcasts, -24 in America's, -27 at Netflix): told
// only. Method: libebur128 (inspect/loudness_meter.h).
#include <fmt/format.h>

#include "inspect/checks.h"
#include "inspect/sound_check.h"

namespace reel::inspect {

Findings Loudness(const TrackFacts& track) {
  const LoudnessFacts& loudness = track.sound.loudness;
  if (!loudness.known) return {};
  model::Finding finding = track.Found("loudness", model::Severity::kInfo,
                                       track.Start(), track.End());
  finding.message = fmt::format(
      "Loudness {:.1f} LUFS, range {:.1f} LU, true peak {:.1f} dBTP.",
      loudness.integrated_lufs, loudness.range_lu, loudness.true_peak_dbtp);
  finding.remedy = "Compare with what the delivery asks for.";
  finding.evidence = {{"integrated_lufs", loudness.integrated_lufs},
                      {"range_lu", loudness.range_lu},
                      {"true_peak_dbtp", loudness.true_peak_dbtp},
                      {"max_momentary_lufs", loudness.max_momentary_lufs},
                      {"max_short_term_lufs", loudness.max_short_term_lufs}};
  return {finding};
}

}  // namespace reel::inspect
