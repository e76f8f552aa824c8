// audio-damaged: packets of sound that the decoder refuses. They are heard as
// gaps or clicks. Method: libavcodec's answer to each packet.
#include <fmt/format.h>

#include "inspect/checks.h"
#include "inspect/sound_check.h"

namespace reel::inspect {

Findings AudioDamaged(const TrackFacts& track) {
  const SoundFacts& sound = track.sound;
  if (sound.damaged_packets == 0 || sound.samples == 0) return {};
  model::Finding finding = track.Found("audio-damaged", model::Severity::kWarn,
                                       track.Start(), track.End());
  finding.message = fmt::format("{} packet(s) of the sound cannot be decoded.",
                                sound.damaged_packets);
  finding.remedy = "Transfer or export the file again.";
  finding.evidence = {{"packets", sound.damaged_packets}};
  return {finding};
}

}  // namespace reel::inspect
