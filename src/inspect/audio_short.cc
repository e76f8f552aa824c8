// audio-short: the sound ends before the picture. Method: last end times of the
// packets of both. Threshold: 0.5 s.
#include <fmt/format.h>

#include "inspect/checks.h"

namespace reel::inspect {
Findings AudioShort(const FileFacts& facts) {
  const auto extent = VideoExtent(facts);
  const auto audio_end = AudioEnd(facts);
  if (!extent || !audio_end || extent->end - *audio_end <= 0.5) return {};
  const double start = *audio_end - extent->start;
  const double end = extent->end - extent->start;
  return {
      {.code = "audio-short",
       .severity = model::Severity::kReject,
       .stream = facts.source.audio.front().index,
       .start = start,
       .end = end,
       .message = fmt::format("The sound ends at {:.3f} s, {:.3f} s before "
                              "the picture.",
                              start, end - start),
       .remedy = "Deliver the whole sound, with silence where there is none.",
       .evidence = {{"missing_seconds", end - start}}}};
}

}  // namespace reel::inspect
