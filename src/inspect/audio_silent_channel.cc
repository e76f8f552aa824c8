// audio-silent-channel: a channel, or the whole track, is digital silence.
// Method: the largest sample of each channel; stretches below -75 dBFS while
// another channel sounds. In a track of more than two channels only a front
// side without the other is at fault; a silent LFE is none. Thresholds:
// SoundLimits::silent_*.
#include <fmt/format.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/frame_runs.h"
#include "inspect/sound_check.h"

namespace reel::inspect {
namespace {

constexpr int kLfe = 3;  // of 5.1 and 7.1, in FFmpeg's order

bool IsSilent(const TrackFacts& track, size_t channel) {
  return track.sound.channel[channel].peak < track.limits.silent_peak;
}

// A single take, exported mute on purpose: an AAC encoder needs a few bytes for
// a packet of silence, unless it was told to fill a constant rate, as stock
// footage is made. A lost sound leaves the few bytes.
bool IsMuteTake(const TrackFacts& track) {
  const SoundFacts& sound = track.sound;
  const double seconds = std::max(sound.end - sound.start, 0.001);
  const double bps = 8 * static_cast<double>(sound.coded_bytes) / seconds;
  return sound.codec == "aac" && bps > track.limits.silent_take_bps &&
         track.title.End() <= track.limits.silent_take_seconds &&
         Cuts(track.title).empty();
}

Findings WholeTrack(const TrackFacts& track) {
  const bool mute_take = IsMuteTake(track);
  model::Finding finding =
      track.Found("audio-silent-channel",
                  mute_take ? model::Severity::kWarn : track.Reject(),
                  track.Start(), track.End());
  finding.message = "The whole sound track is digital silence.";
  finding.remedy =
      "Deliver the sound, or leave the track out if the title has none.";
  finding.evidence = {{"channels", track.sound.channels},
                      {"mute_take", mute_take}};
  return {finding};
}

Findings WholeChannel(const TrackFacts& track, int channel) {
  const int channels = track.sound.channels;
  const bool surround = channels > 2;
  if (surround && channel == kLfe) return {};
  // One of the front pair, and the other sounds.
  const bool one_sided =
      channel < 2 && !IsSilent(track, static_cast<size_t>(1 - channel));
  model::Finding finding =
      track.Found("audio-silent-channel",
                  one_sided ? model::Severity::kWarn : model::Severity::kInfo,
                  track.Start(), track.End());
  finding.message =
      fmt::format("Throughout, {} is digital silence while others sound.",
                  ChannelName(channel, channels));
  finding.remedy = surround ? "Check the routing of the channels."
                            : "Deliver both channels, or one mono track.";
  finding.evidence = {{"channel", channel}, {"channels", channels}};
  return {finding};
}

model::Finding Midway(const TrackFacts& track, const Stretch& stretch) {
  model::Finding finding =
      track.Found("audio-silent-channel", model::Severity::kWarn,
                  track.Time(stretch.start), track.Time(stretch.end));
  finding.message = fmt::format(
      "From {:.3f} s to {:.3f} s, {} is silent while the other sounds.",
      finding.start, finding.end,
      ChannelName(stretch.channel, track.sound.channels));
  finding.remedy = "Check the mix there; play it on both sides.";
  finding.evidence = {{"channel", stretch.channel},
                      {"seconds", stretch.end - stretch.start}};
  return finding;
}

}  // namespace

Findings AudioSilentChannel(const TrackFacts& track) {
  const SoundFacts& sound = track.sound;
  int silent = 0;
  for (size_t c = 0; c < sound.channel.size(); ++c) {
    silent += IsSilent(track, c) ? 1 : 0;
  }
  if (sound.samples == 0) return {};
  if (silent == std::ssize(sound.channel)) return WholeTrack(track);
  Findings findings;
  for (int c = 0; c < sound.channels; ++c) {
    if (!IsSilent(track, static_cast<size_t>(c))) continue;
    for (auto& finding : WholeChannel(track, c)) findings.push_back(finding);
  }
  if (sound.channels != 2) return findings;
  for (const Stretch& stretch : sound.silent_channels) {
    const bool reported = IsSilent(track, static_cast<size_t>(stretch.channel));
    const bool long_enough =
        stretch.end - stretch.start >= track.limits.silent_warn_seconds;
    if (!reported && long_enough && findings.size() < kMaxFindings) {
      findings.push_back(Midway(track, stretch));
    }
  }
  return findings;
}

}  // namespace reel::inspect
