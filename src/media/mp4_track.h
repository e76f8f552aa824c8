// What a CMAF track (ISO/IEC 23000-19) says of itself: the init segment, then
// one moof + mdat per fragment. Bytes are hostile until parsed:
// media/mp4_box.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace reel::media {

// The only track of an init segment (ftyp + moov).
struct TrackHeader {
  uint32_t track_id = 0;
  int64_t timescale_hz = 0;
  std::string sample_entry;     // "avc1", "mp4a"
  std::vector<uint8_t> config;  // avcC content, or AudioSpecificConfig
  std::string codecs;           // RFC 6381: "avc1.64001f", "mp4a.40.2"
  std::string profile;          // of avc1, "High"; else ""
  int width = 0;                // of pictures
  int height = 0;
  int channels = 0;  // of sound
  int sample_rate_hz = 0;
  // Where presentation starts in the media, from the edit list: its first edit
  // that is not empty; 0 without one.
  int64_t edit_start_ticks = 0;
  // What a sample is unless its fragment says otherwise (trex).
  uint32_t default_duration = 0;
  uint32_t default_bytes = 0;
  uint32_t default_flags = 0;
};
// Errors: kCorruptInput; kUnsupported for several tracks or other codecs.
base::Result<TrackHeader> ParseTrackHeader(std::span<const uint8_t> init);

struct Sample {
  int64_t bytes = 0;
  int64_t duration_ticks = 0;
  int64_t composition_ticks = 0;  // presentation minus decode time
  bool sync = false;              // decoding may start here
};

// One moof with a single track run.
struct Fragment {
  int64_t sequence_number = 0;
  int64_t decode_ticks = 0;  // tfdt, of the first sample; >= 0
  int64_t data_offset = 0;   // of the first sample, from the moof's first byte
  std::vector<Sample> samples;  // decode order, at least one
};
// `moof` is the whole box.
// Errors: kCorruptInput; kUnsupported for several runs or absolute offsets.
base::Result<Fragment> ParseFragment(std::span<const uint8_t> moof,
                                     const TrackHeader& track);

}  // namespace reel::media
