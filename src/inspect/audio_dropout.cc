// audio-dropout: the sound is gone for a moment. Method: stretches of digital
// silence that begin and end at once amid sound (inspect/silence_finder.h), and
// holes that the time stamps leave (inspect/sound_clock.h). Pauses fade, and
// have a floor of noise; where sound is put together from pieces with nothing
// between them (beeps, games, narration through a gate), silence is usual, and
// where both edges lie on cuts of the picture it was edited: both are pointed
// out only. Thresholds: SoundLimits::dropout_*.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "inspect/checks.h"
#include "inspect/frame_runs.h"
#include "inspect/sound_check.h"

namespace reel::inspect {
namespace {

constexpr double kBeside = 0.03;  // seconds
constexpr double kStartSeconds = 0.3;
// Frames by which a cut of the sound may miss that of the picture.
constexpr double kCutFrames = 1.5;

struct Dropout {
  Event event;
  model::Severity severity = model::Severity::kWarn;
  double floor_db = kSilenceDb;
  bool hole = false;
  int channel = -1;
};

bool IsSharp(const Silence& silence, const SoundLimits& limits) {
  const double edges = silence.fall_seconds + silence.rise_seconds;
  const double beside = std::min(silence.before_db, silence.after_db);
  const bool digital = silence.floor_db <= limits.dropout_floor_db &&
                       edges <= limits.dropout_edge_seconds;
  const bool noise =
      silence.floor_db <= limits.dropout_noise_db &&
      beside - silence.floor_db >= limits.dropout_noise_drop_db &&
      edges <= limits.dropout_noise_edge_seconds &&
      silence.end - silence.start >= limits.dropout_noise_seconds;
  return (digital || noise) && beside >= limits.dropout_least_db &&
         std::abs(silence.before_db - silence.after_db) <=
             limits.dropout_most_change_db &&
         silence.end - silence.start >= limits.dropout_least_seconds;
}

bool IsBesideBeep(const Silence& silence, const SoundFacts& sound) {
  return std::any_of(
      sound.beeps.begin(), sound.beeps.end(), [&](const Beep& beep) {
        return std::abs(beep.start - silence.end) < kBeside ||
               std::abs(beep.start + beep.seconds - silence.start) < kBeside;
      });
}

bool IsAtCut(const TrackFacts& track, const std::vector<int64_t>& cuts,
             double seconds) {
  const double near = kCutFrames * track.title.FrameSeconds();
  return std::any_of(cuts.begin(), cuts.end(), [&](int64_t frame) {
    return std::abs(track.title.Start(frame) - seconds) <= near;
  });
}

// Whether the track is silent now and then anyway.
bool IsUsual(const TrackFacts& track) {
  const SoundFacts& sound = track.sound;
  double sharp = 0;
  for (const Silence& silence : sound.silences) {
    if (silence.channel < 0 && IsSharp(silence, track.limits)) {
      sharp += silence.end - silence.start;
    }
  }
  const double most =
      track.limits.dropout_usual_share * (sound.end - sound.start);
  return sound.silence_seconds - sharp > most || sharp > 4 * most;
}

model::Severity SeverityOf(const TrackFacts& track, double seconds) {
  const bool spoils = seconds > track.limits.dropout_reject_seconds &&
                      seconds <= track.limits.dropout_long_seconds;
  return spoils ? track.Reject() : model::Severity::kWarn;
}

std::vector<Dropout> Silences(const TrackFacts& track) {
  const SoundFacts& sound = track.sound;
  const std::vector<int64_t> cuts = Cuts(track.title);
  const bool usual = IsUsual(track);
  std::vector<Dropout> dropouts;
  for (const Silence& silence : sound.silences) {
    if (silence.channel >= 0 || !IsSharp(silence, track.limits) ||
        IsBesideBeep(silence, sound)) {
      continue;
    }
    const Event event =
        track.EventAt(track.Time(silence.start), track.Time(silence.end));
    const bool edited =
        IsAtCut(track, cuts, event.start) && IsAtCut(track, cuts, event.end);
    const auto severity = usual || edited
                              ? model::Severity::kInfo
                              : SeverityOf(track, event.end - event.start);
    dropouts.push_back({event, severity, silence.floor_db, false, -1});
  }
  return dropouts;
}

// One side of a pair that belongs together fails.
std::vector<Dropout> OneSided(const TrackFacts& track) {
  const SoundFacts& sound = track.sound;
  const bool alike = sound.stereo.mid_energy > 2 * sound.stereo.side_energy;
  std::vector<Dropout> dropouts;
  for (const Silence& silence : sound.silences) {
    const bool both = std::any_of(
        sound.silences.begin(), sound.silences.end(), [&](const Silence& s) {
          return s.channel != silence.channel && s.start < silence.end &&
                 silence.start < s.end;
        });
    if (silence.channel < 0 || both || !alike ||
        !IsSharp(silence, track.limits)) {
      continue;
    }
    const Event event =
        track.EventAt(track.Time(silence.start), track.Time(silence.end));
    dropouts.push_back({event, model::Severity::kWarn, silence.floor_db, false,
                        silence.channel});
  }
  return dropouts;
}

std::vector<Dropout> Holes(const TrackFacts& track) {
  std::vector<Dropout> dropouts;
  for (const Hole& hole : track.sound.holes) {
    const Event event =
        track.EventAt(track.Time(hole.start), track.Time(hole.end));
    // A recording that was cut begins with a few packets that miss others.
    const bool heard =
        std::min(hole.before_db, hole.after_db) >=
            track.limits.dropout_least_db &&
        hole.end - hole.start >= track.limits.dropout_hole_seconds &&
        hole.start - track.sound.start >= kStartSeconds;
    const auto severity = heard ? SeverityOf(track, hole.end - hole.start)
                                : model::Severity::kInfo;
    dropouts.push_back({event, severity, kSilenceDb, true, -1});
  }
  return dropouts;
}

model::Finding FindingOf(const TrackFacts& track, const Burst& burst,
                         const Dropout& first) {
  model::Finding finding =
      track.Found("audio-dropout", first.severity, burst.start, burst.end);
  const std::string what =
      first.hole ? "Packets of the sound are missing"
      : first.channel >= 0
          ? fmt::format("The {} channel is silent",
                        ChannelName(first.channel, track.sound.channels))
          : std::string("The sound is gone");
  finding.message = fmt::format("{} in {} place(s), from {:.3f} s to {:.3f} s.",
                                what, burst.events, burst.start, burst.end);
  finding.remedy =
      "Listen there; export the sound again from where it is whole.";
  finding.evidence = {{"places", burst.events},
                      {"seconds", static_cast<double>(burst.weight) / 1000},
                      {"floor_db", first.floor_db},
                      {"missing_packets", first.hole}};
  return finding;
}

}  // namespace

Findings AudioDropout(const TrackFacts& track) {
  Findings findings;
  for (const auto& found : {Silences(track), OneSided(track), Holes(track)}) {
    for (const auto severity :
         {model::Severity::kReject, model::Severity::kWarn,
          model::Severity::kInfo}) {
      std::vector<Event> events;
      const Dropout* first = nullptr;
      for (const Dropout& dropout : found) {
        if (dropout.severity != severity) continue;
        if (first == nullptr) first = &dropout;
        events.push_back(dropout.event);
        events.back().weight =
            std::lround(1000 * (dropout.event.end - dropout.event.start));
      }
      for (const Burst& burst : JoinEvents(std::move(events))) {
        findings.push_back(FindingOf(track, burst, *first));
      }
    }
  }
  return findings;
}

}  // namespace reel::inspect
