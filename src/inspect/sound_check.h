// What a check of sound is: it judges what was measured of one track.
#pragma once

#include <cstdint>
#include <string>

#include "inspect/check.h"
#include "inspect/sound_facts.h"
#include "inspect/sound_limits.h"

namespace reel::inspect {

// The views are the caller's.
struct TrackFacts {
  const TitleFacts& title;
  const SoundFacts& sound;
  const SoundLimits& limits;
  bool main = true;  // the track that belongs to the picture

  // Seconds from the first frame of the title, of a time of `sound`.
  double Time(double container_seconds) const;
  double Start() const { return Time(sound.start); }
  double End() const { return Time(sound.end); }
  // The frame that is shown then: the first or last one outside of the title.
  int64_t FrameAt(double seconds) const;
  Event EventAt(double start, double end) const;
  // What spoils the title in its main track is to be looked at in another.
  model::Severity Reject() const {
    return main ? model::Severity::kReject : model::Severity::kWarn;
  }
  // A finding on this track from `start` to `end`, without its texts.
  model::Finding Found(const std::string& code, model::Severity severity,
                       double start, double end) const;
};

// "left", "right", "channel 3".
std::string ChannelName(int channel, int channels);

}  // namespace reel::inspect
