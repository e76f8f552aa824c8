#include "workflow/tasks/title_inputs.h"

namespace reel::workflow::tasks {

encode::ChunkRequest TitleInputs::Request() const {
  return {.source_path = scan.source.path,
          .source = scan.source,
          .packets = packets,
          .frames = frames,
          .fingerprints = fingerprints,
          .timeline = timeline,
          .chunk = {},
          .first_segment = 0,
          .rungs = {}};
}

base::Result<TitleInputs> ReadTitle(const Inputs& inputs) {
  TitleInputs title;
  REEL_ASSIGN(title.scan, ReadScan(inputs));
  REEL_ASSIGN(const auto packets, inputs.Bytes("packets"));
  REEL_ASSIGN(title.packets, model::ParsePacketIndex(packets));
  REEL_ASSIGN(const auto frames, inputs.Bytes("frames"));
  REEL_ASSIGN(title.frames, model::ParseFrameTable(frames));
  REEL_ASSIGN(const auto fingerprints, inputs.Bytes("fingerprints"));
  REEL_ASSIGN(title.fingerprints, model::ParseFingerprints(fingerprints));
  REEL_ASSIGN(title.timeline, inputs.As<model::Timeline>("timeline"));
  return title;
}

}  // namespace reel::workflow::tasks
