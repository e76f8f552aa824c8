// The timeline of a composition playlist: its virtual tracks across all
// segments, and whether they fit together. SMPTE ST 2067-3, section 7.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/rational.h"
#include "imf/composition_playlist.h"
#include "imf/finding_list.h"

namespace reel::imf {

// All sequences with one TrackId, in the order of the segments.
struct VirtualTrack {
  SequenceKind kind = SequenceKind::kOther;
  std::string name;  // of its sequences: "MainAudioSequence"
  std::string id;
  std::vector<Resource> resources;
  base::Rational edit_rate;  // of all its resources
  int64_t units = 0;         // edit units that it lasts
};

// Longer ones are a mistake.
inline constexpr int64_t kMaxTitleSeconds = 24 * 3600;

// The tracks in the order in which they first appear; markers are left out.
// What does not fit becomes findings:
//   imf-timeline-gap        a resource that reaches past its essence, is empty
//                           or negative; sequences of one segment that differ
//                           by an edit unit or more; a track that is missing in
//                           a segment; more than kMaxTitleSeconds
//   imf-edit-rate-mismatch  pictures at another rate than the composition's;
//                           resources of one track at different rates
//   imf-schema              no picture track, or two
// If none of them rejects, sums of units and times in seconds fit in 2^53.
// Pure.
std::vector<VirtualTrack> BuildTimeline(const CompositionPlaylist& playlist,
                                        FindingList& findings);

}  // namespace reel::imf
