// frame-rate-variable: there is no constant frame rate; every frame keeps its
// own time. Method: inspect/cadence.h. Threshold: warned of when more than 5 %
// of the distances are off by more than a quarter without being whole multiples
// (a phone that skips frames in the dark is only pointed out).
#include <fmt/format.h>

#include "base/rational.h"
#include "inspect/cadence.h"
#include "inspect/checks.h"

namespace reel::inspect {
Findings FrameRateVariable(const TitleFacts& facts) {
  const Cadence cadence = FindCadence(facts.frames, facts.frame_ticks);
  if (cadence.steady) return {};
  const auto distances = static_cast<double>(facts.frames.size() - 1);
  const double uneven = static_cast<double>(cadence.uneven) / distances;
  return {
      {.code = "frame-rate-variable",
       .severity =
           uneven > 0.05 ? model::Severity::kWarn : model::Severity::kInfo,
       .stream = facts.source.video.index,
       .end = facts.End(),
       .first_frame = 0,
       .message = fmt::format(
           "The frame rate varies: frames are {:.1f} to {:.1f} ms apart, "
           "most often {:.1f} ms.",
           1e3 * base::Seconds(cadence.shortest, facts.source.video.time_base),
           1e3 * base::Seconds(cadence.longest, facts.source.video.time_base),
           1e3 * facts.FrameSeconds()),
       .remedy = "Deliver a constant frame rate if the title was made at one.",
       .evidence = {{"regular_share",
                     1 - static_cast<double>(cadence.deviating) / distances},
                    {"uneven_share", uneven}}}};
}

}  // namespace reel::inspect
