// audio-short: the sound ends before the picture. Method: last end times of the
// packets of both. Threshold: warned of above 0.5 s, rejected above 1 s (sound
// clips are known that end 0.9 s early).
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

constexpr double kWarnSeconds = 0.5;
constexpr double kRejectSeconds = 1;

}  // namespace
Findings AudioShort(const FileFacts& facts) {
  const auto extent = VideoExtent(facts);
  const auto audio_end = AudioEnd(facts);
  if (!extent || !audio_end) return {};
  const double missing = extent->end - *audio_end;
  if (missing <= kWarnSeconds) return {};
  const double end = extent->end - extent->start;
  const double start = std::max(0.0, end - missing);
  return {
      {.code = "audio-short",
       .severity = missing > kRejectSeconds ? model::Severity::kReject
                                            : model::Severity::kWarn,
       .stream = facts.source.audio.front().index,
       .start = start,
       .end = end,
       .message = fmt::format("The sound ends at {:.3f} s, {:.3f} s before "
                              "the picture.",
                              start, missing),
       .remedy = "Deliver the whole sound, with silence where there is none.",
       .evidence = {{"missing_seconds", missing}}}};
}

}  // namespace reel::inspect
