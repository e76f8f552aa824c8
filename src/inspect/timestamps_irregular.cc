// timestamps-irregular: the frame rate is constant, yet single frames come
// early or late. Method: inspect/cadence.h: distances that are off by more than
// a tenth (and a tick), and no gap.
#include <fmt/format.h>

#include "inspect/cadence.h"
#include "inspect/checks.h"

namespace reel::inspect {
Findings TimestampsIrregular(const TitleFacts& facts) {
  const Cadence cadence = FindCadence(facts.frames, facts.frame_ticks);
  if (!cadence.steady) return {};
  std::vector<Event> events;
  for (const int64_t frame : cadence.irregular) {
    events.push_back(facts.EventOfFrame(frame));
  }
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(events))) {
    findings.push_back(
        {.code = "timestamps-irregular",
         .severity = model::Severity::kInfo,
         .stream = facts.source.video.index,
         .start = burst.start,
         .end = burst.end,
         .first_frame = burst.first_frame,
         .message = fmt::format("{} frame(s) come early or late {}.",
                                burst.events, At(burst)),
         .remedy =
             "Write the file anew with exact times if motion looks uneven.",
         .evidence = {{"frames", burst.events}}});
  }
  return findings;
}

}  // namespace reel::inspect
