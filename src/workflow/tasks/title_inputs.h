// What tasks that read frames of a title share.
#pragma once

#include "base/result.h"
#include "encode/encode.h"
#include "model/fingerprint.h"
#include "model/frames.h"
#include "model/packets.h"
#include "workflow/task_io.h"
#include "workflow/tasks/inspection.h"

namespace reel::workflow::tasks {

struct TitleInputs {
  ScanFacts scan;
  model::PacketIndex packets;
  model::FrameTable frames;
  model::Fingerprints fingerprints;
  model::Timeline timeline;

  // For a chunk without segments yet; points into this.
  encode::ChunkRequest Request() const;
};

// In: source, scan, packets, frames, fingerprints, timeline.
base::Result<TitleInputs> ReadTitle(const Inputs& inputs);

}  // namespace reel::workflow::tasks
