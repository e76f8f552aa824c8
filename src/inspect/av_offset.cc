// av-offset: sound and picture are apart. Methods, the first that is certain
// decides: flashes and beeps of the content, to the frame (inspect/sync.h); the
// time stamps at which the two streams begin, edit lists included. Onsets at
// cuts of the picture only hint at it (Correlate): warned of where chance is
// excluded. Thresholds: SoundLimits::offset_*, after ITU-R BT.1359-1 and EBU
// R37.
#include <fmt/format.h>

#include <cmath>

#include "inspect/checks.h"
#include "inspect/frame_runs.h"
#include "inspect/sync.h"

namespace reel::inspect {
namespace {

constexpr double kSignificance = 8;
constexpr int64_t kLeastCoincidences = 8;

std::string Direction(double offset) {
  return offset > 0 ? "later than" : "earlier than";
}

model::Severity SeverityOf(const TrackFacts& track, double offset) {
  return std::abs(offset) > track.limits.offset_reject_seconds
             ? track.Reject()
             : model::Severity::kWarn;
}

model::Finding ByContent(const TrackFacts& track, const Sync& sync) {
  model::Finding finding = track.Found(
      "av-offset", SeverityOf(track, sync.offset), 0, track.title.End());
  finding.message = fmt::format(
      "The sound comes {:.0f} ms {} the picture: {} {}(s) against as many "
      "flashes, the first {}.",
      1000 * std::abs(sync.offset), Direction(sync.offset), sync.pairs.size(),
      sync.beeps ? "beep" : "sound",
      At(sync.pairs.front().picture,
         track.FrameAt(sync.pairs.front().picture)));
  finding.remedy =
      fmt::format("Move the sound by {:.0f} ms.", -1000 * sync.offset);
  finding.evidence = {{"offset_seconds", sync.offset},
                      {"pairs", sync.pairs.size()},
                      {"method", sync.beeps ? "beeps" : "onsets"}};
  return finding;
}

// A recording cut out of a broadcast begins with sound whose picture was not
// kept: pictures travel ahead of their sound.
bool IsCutBroadcast(const TrackFacts& track, double offset) {
  const std::string& container = track.title.source.container;
  return offset < 0 && (container == "mpegts" || container == "mpeg");
}

model::Finding ByStamps(const TrackFacts& track, double offset) {
  model::Finding finding =
      track.Found("av-offset",
                  IsCutBroadcast(track, offset) ? model::Severity::kInfo
                                                : SeverityOf(track, offset),
                  0, std::abs(offset));
  finding.message = fmt::format(
      "By its time stamps the sound begins {:.0f} ms {} the picture.",
      1000 * std::abs(offset), Direction(offset));
  finding.remedy =
      "Check the sync; deliver streams that begin together, with silence where "
      "there is no sound.";
  finding.evidence = {{"offset_seconds", offset}, {"method", "timestamps"}};
  return finding;
}

Findings ByCuts(const TrackFacts& track) {
  std::vector<double> cuts;
  for (const int64_t frame : Cuts(track.title)) {
    cuts.push_back(track.title.Start(frame));
  }
  std::vector<double> onsets;
  for (const Onset& onset : track.sound.onsets) {
    onsets.push_back(track.Time(onset.time));
  }
  const auto found = Correlate(cuts, onsets, track.title.End());
  const bool certain = found && found->significance >= kSignificance &&
                       found->coincidences >= kLeastCoincidences;
  if (!certain ||
      std::abs(found->offset) <= track.limits.offset_reject_seconds) {
    return {};
  }
  model::Finding finding =
      track.Found("av-offset", model::Severity::kWarn, 0, track.title.End());
  finding.message = fmt::format(
      "The sound seems to come {:.0f} ms {} the picture: {} of {} cuts have a "
      "sound at that distance.",
      1000 * std::abs(found->offset), Direction(found->offset),
      found->coincidences, cuts.size());
  finding.remedy = "Look at a few cuts and lips, and move the sound.";
  finding.evidence = {{"offset_seconds", found->offset},
                      {"coincidences", found->coincidences},
                      {"significance", found->significance},
                      {"method", "cuts"}};
  return {finding};
}

}  // namespace

Findings AvOffset(const TrackFacts& track) {
  if (track.sound.samples == 0) return {};
  const double least = track.limits.offset_warn_seconds;
  if (const auto sync = FindSync(track)) {
    if (std::abs(sync->offset) <= least) return {};
    return {ByContent(track, *sync)};
  }
  if (std::abs(track.Start()) > least) return {ByStamps(track, track.Start())};
  return ByCuts(track);
}

}  // namespace reel::inspect
