// frame-dropped: the time stamps leave room for frames that are not there.
// Method: inspect/cadence.h. Threshold: a gap of more than gap_reject_ms in a
// constant frame rate is rejected, a smaller one warned of. At a variable rate
// a picture may rightly be held; a hold of more than that is warned of.
#include <fmt/format.h>

#include "inspect/cadence.h"
#include "inspect/checks.h"

namespace reel::inspect {
namespace {

Findings Report(const TitleFacts& facts, std::vector<Event> gaps,
                model::Severity severity) {
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(gaps))) {
    findings.push_back(
        {.code = "frame-dropped",
         .severity = severity,
         .stream = facts.source.video.index,
         .start = burst.start,
         .end = burst.end,
         .first_frame = burst.first_frame,
         .message = fmt::format("{} frame(s) are missing in {} place(s), {}.",
                                burst.weight, burst.events, At(burst)),
         .remedy = "Export the file again; frames were lost in recording, "
                   "editing or transfer.",
         .evidence = {{"frames", burst.weight}, {"places", burst.events}}});
  }
  return findings;
}

}  // namespace

Findings FrameDropped(const TitleFacts& facts) {
  const Cadence cadence = FindCadence(facts.frames, facts.frame_ticks);
  const auto limit_ms = static_cast<double>(facts.limits.gap_reject_ms);
  std::vector<Event> small;
  std::vector<Event> large;
  for (const Gap& gap : cadence.gaps) {
    const double seconds =
        static_cast<double>(gap.missing) * facts.FrameSeconds();
    const double end = facts.Start(gap.frame);
    const bool is_large = 1000 * seconds > limit_ms;
    if (!cadence.steady && !is_large) continue;
    (is_large && cadence.steady ? large : small)
        .push_back({end - seconds, end, gap.frame, gap.missing});
  }
  Findings findings = Report(facts, std::move(large), model::Severity::kReject);
  for (auto& finding :
       Report(facts, std::move(small), model::Severity::kWarn)) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace reel::inspect
