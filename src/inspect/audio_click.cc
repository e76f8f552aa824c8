// audio-click: single impulses, as a bad splice, a lost sample or a scratch
// makes them. Method: the error of linear prediction (inspect/click_meter.h).
// Natural sound clicks too (locks, twigs, worn records): only loud ones that
// stand far out are warned of, the rest is counted. Thresholds:
// SoundLimits::click_*.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "inspect/checks.h"
#include "inspect/sound_check.h"

namespace reel::inspect {
namespace {

// A tone that is switched on or off clicks by nature.
bool IsBesideBeep(double time, const SoundFacts& sound) {
  constexpr double kBeside = 0.03;
  return std::any_of(
      sound.beeps.begin(), sound.beeps.end(), [&](const Beep& beep) {
        return std::abs(beep.start - time) < kBeside ||
               std::abs(beep.start + beep.seconds - time) < kBeside;
      });
}

}  // namespace

Findings AudioClick(const TrackFacts& track) {
  std::vector<Event> loud;
  for (const Click& click : track.sound.clicks) {
    if (click.ratio >= track.limits.click_warn_ratio &&
        click.peak_db >= track.limits.click_warn_db &&
        !IsBesideBeep(click.time, track.sound)) {
      const double time = track.Time(click.time);
      loud.push_back(track.EventAt(time, time));
    }
  }
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(loud))) {
    model::Finding finding = track.Found("audio-click", model::Severity::kWarn,
                                         burst.start, burst.end);
    finding.message = fmt::format("{} click(s) {}.", burst.events, At(burst));
    finding.remedy = "Listen there; repair the edit or export it again.";
    finding.evidence = {{"clicks", burst.events}};
    findings.push_back(std::move(finding));
  }
  if (findings.empty() && track.sound.click_count > 0) {
    const double first = track.Time(track.sound.clicks.front().time);
    const double last = track.Time(track.sound.clicks.back().time);
    model::Finding finding =
        track.Found("audio-click", model::Severity::kInfo, first, last);
    finding.message = fmt::format("{} sound(s) like a click, the first {}.",
                                  track.sound.click_count,
                                  At(finding.start, finding.first_frame));
    finding.remedy = "Listen there if the title should be free of them.";
    finding.evidence = {{"clicks", track.sound.click_count}};
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace reel::inspect
