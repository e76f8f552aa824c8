// Our own reading of MP4: init segments, fragments, segment indexes.
#include <cstddef>
#include <cstdint>
#include <span>

#include "media/mp4_track.h"
#include "media/segment_index.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  (void)reel::media::ParseSegmentIndex(bytes);
  // Fragments are read with the defaults of a track found in the same bytes,
  // or with those of track 1.
  const auto track = reel::media::ParseTrackHeader(bytes);
  reel::media::TrackHeader first;
  first.track_id = 1;
  (void)reel::media::ParseFragment(bytes, track ? *track : first);
  return 0;
}
