// audio-missing: there is no sound track, or one of which nothing or not all
// can be decoded. Method: the container's tracks; a decode of each.
#include <fmt/format.h>

#include "inspect/checks.h"
#include "inspect/sound_check.h"

namespace reel::inspect {

Findings AudioMissing(const FileFacts& facts) {
  const bool mute = facts.source.video.index >= 0 &&
                    facts.source.audio.empty() && !IsImageFormat(facts);
  if (!mute) return {};
  return {{.code = "audio-missing",
           .severity = SoundLimits{}.missing,
           .message = "There is no sound track.",
           .remedy = "Deliver the sound, if the title has any.",
           .evidence = {{"tracks", 0}}}};
}

Findings AudioUnreadable(const TrackFacts& track) {
  const SoundFacts& sound = track.sound;
  if (sound.error.empty()) return {};
  const bool nothing = sound.samples == 0;
  model::Finding finding =
      track.Found("audio-missing", track.Reject(), nothing ? 0 : track.End(),
                  track.title.End());
  finding.message =
      nothing
          ? fmt::format("The sound track cannot be decoded: {}.", sound.error)
          : fmt::format("The sound cannot be decoded from {:.3f} s on: {}.",
                        finding.start, sound.error);
  finding.remedy =
      "Check that the sound plays where it was made; deliver it in one "
      "coding and rate.";
  finding.evidence = {{"decoded_seconds", sound.end - sound.start},
                      {"damaged_packets", sound.damaged_packets}};
  return {finding};
}

}  // namespace reel::inspect
