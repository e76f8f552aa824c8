// From virtual tracks to a composition of files that media::Input plays.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "imf/composition_playlist.h"
#include "imf/delivery.h"
#include "imf/finding_list.h"
#include "imf/timeline.h"
#include "model/composition.h"

namespace reel::imf {

// What there is of a track file; `asset` is null if no asset map lists it.
struct TrackFile {
  const Asset* asset = nullptr;
  std::string sha256;
};
using FindTrackFile = std::function<TrackFile(const std::string& id)>;

// Opens the essence of every track, judges it (essence_check.h) and puts the
// tracks together. A picture's units are frames, a sound's samples: entry
// points and durations in other edit units are rounded to the nearest sample.
// What cannot be played becomes findings, and the composition lacks it then:
//   imf-essence-unsupported   cannot be opened or decoded; names its coding
//   imf-timeline-gap          a resource reaches past the end of the essence
//   imf-edit-rate-mismatch    the essence has another rate than its resource
//   imf-reference-broken      the essence is another than its id says
// Track files that are not there are left out without a finding.
// Errors: kIo, kResourceExhausted; kNotFound, kInvalidArgument (vanished or
// unreadable since they were listed).
base::Result<model::Composition> BuildComposition(
    const CompositionPlaylist& playlist,
    const std::vector<VirtualTrack>& tracks, const FindTrackFile& find,
    FindingList& findings);

// The RFC 5646 tag of the track's language as its descriptor gives it; "" if it
// gives none that is well formed. Pure.
std::string LanguageOf(const CompositionPlaylist& playlist,
                       const VirtualTrack& track);
// Name of the track's essence coding after its descriptor, or "". Pure.
std::string CodingOf(const CompositionPlaylist& playlist,
                     const VirtualTrack& track);

}  // namespace reel::imf
