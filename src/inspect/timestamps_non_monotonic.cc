// timestamps-non-monotonic: frames whose time is not after that of the frame
// before them. Method: the times of all frames in the decoder's order.
// Threshold: a step back by more than 0.1 s is rejected, since picture and
// sound come apart by as much (ITU-R BT.1359 calls that unacceptable); a
// smaller one, or a time used twice, is smoothed out and warned of.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

constexpr double kMaxBackSeconds = 0.1;

model::Finding NonMonotonic(const TitleFacts& facts, const Burst& burst,
                            double back, model::Severity severity) {
  return {
      .code = "timestamps-non-monotonic",
      .severity = severity,
      .stream = facts.source.video.index,
      .start = burst.start,
      .end = burst.end,
      .first_frame = burst.first_frame,
      .message = back > 0
                     ? fmt::format("Time runs backwards {}, by up to {:.3f} s.",
                                   At(burst), back)
                     : fmt::format("{} frame(s) share the time of the frame "
                                   "before them, {}.",
                                   burst.events, At(burst)),
      .remedy =
          "Write the file anew from its source; pieces were probably "
          "joined without adjusting their times.",
      .evidence = {{"steps", burst.events}, {"largest_step_back", back}}};
}

}  // namespace

Findings TimestampsNonMonotonic(const TitleFacts& facts) {
  std::vector<Event> bad;
  std::vector<Event> minor;
  double largest = 0;
  double largest_minor = 0;
  // The file's own clock is no guide to the place of a step in it.
  double played = 0;
  for (int64_t n = 1; n < std::ssize(facts.frames); ++n) {
    const double step = facts.Start(n) - facts.Start(n - 1);
    played += step < 0 ? facts.FrameSeconds() : step;
    if (step > 0) continue;
    const bool reject = -step > kMaxBackSeconds;
    double& most = reject ? largest : largest_minor;
    most = std::max(most, -step);
    (reject ? bad : minor).push_back({played, played, n});
  }
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(bad))) {
    findings.push_back(
        NonMonotonic(facts, burst, largest, model::Severity::kReject));
  }
  for (const Burst& burst : JoinEvents(std::move(minor))) {
    findings.push_back(
        NonMonotonic(facts, burst, largest_minor, model::Severity::kWarn));
  }
  return findings;
}

}  // namespace reel::inspect
