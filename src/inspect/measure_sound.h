// One decode of one sound track, for all meters of sound.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "inspect/sound_facts.h"
#include "model/source.h"

namespace reel::inspect {

// Everything that the checks of sound need to know of `track`, one of
// source.audio. Damage is no error, but in SoundFacts. Bounded memory.
//   progress  gets the seconds of sound read so far, and returns whether to go
//             on; may be empty
// Errors: kCancelled when `progress` says so; kNotFound, kInvalidArgument, kIo,
// kResourceExhausted.
base::Result<SoundFacts> MeasureSound(
    const std::string& path, const model::AudioTrack& track,
    const std::function<bool(double)>& progress);

}  // namespace reel::inspect
