// The times of frames, where the container is vague about them.
#pragma once

#include <cstdint>

#include "model/frames.h"
#include "model/packets.h"
#include "model/source.h"

namespace reel::inspect {

// Drops time stamps that no film has (beyond 2^60 ticks), so that differences
// never overflow.
void DropAbsurdTimes(model::PacketIndex& packets);

// Gives every frame of a title a time. Frames without one are placed evenly
// between their neighbours; where no frame has one (AVI), decode times in
// order: a decoder only permutes them; failing those, the nominal rate.
//   frames  presentation order; `packet` indexes `packets`
void FillTimes(model::FrameTable& frames, const model::PacketIndex& packets,
               const model::VideoTrack& track);

// The typical distance of two frames: the median of those that are positive,
// else that of the nominal rate (25 Hz when unknown). Ticks of the track's time
// base, >= 1.
int64_t TypicalFrameTicks(const model::FrameTable& frames,
                          const model::VideoTrack& track);

}  // namespace reel::inspect
