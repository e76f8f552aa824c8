// Boxes of ISO BMFF files (ISO/IEC 14496-12), as far as CMAF tracks need them:
// one track per file, one trun per fragment. Bytes are hostile until parsed:
// every size is checked against what holds it, nothing recurses, and nothing is
// allocated beyond a small multiple of the input.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace reel::media {

// A box on the top level of a file or buffer.
struct Box {
  std::string type;  // four bytes, "moof"
  int64_t offset = 0;
  int64_t bytes = 0;         // with its header
  int64_t header_bytes = 0;  // 8, or 16 with a large size
};

// The box at `offset`; nullopt exactly at the end.
// Errors: kCorruptInput if the box is not whole, kIo.
base::Result<std::optional<Box>> ReadBox(const base::File& file,
                                         int64_t offset);
base::Result<std::optional<Box>> ReadBox(std::span<const uint8_t> bytes,
                                         int64_t offset);

// What an init segment (ftyp + moov) says of its only track.
struct TrackHeader {
  uint32_t track_id = 0;
  int64_t timescale_hz = 0;
  std::string sample_entry;     // "avc1", "mp4a"
  std::vector<uint8_t> config;  // avcC content, or AudioSpecificConfig
  std::string codecs;           // RFC 6381: "avc1.64001f", "mp4a.40.2"
  int width = 0;                // picture tracks
  int height = 0;
  int channels = 0;  // sound tracks
  int sample_rate_hz = 0;
  // Where presentation starts in the media, from the edit list: its first edit
  // that is not empty; 0 without one.
  int64_t edit_start_ticks = 0;
  // From trex: what a sample is unless its fragment says otherwise.
  uint32_t default_duration = 0;
  uint32_t default_bytes = 0;
  uint32_t default_flags = 0;
};
// Errors: kCorruptInput, kUnsupported (no or several tracks, other codecs).
base::Result<TrackHeader> ParseTrackHeader(std::span<const uint8_t> init);

// "Constrained Baseline", "Baseline", "Main", "High", "High 10" or
// "profile N", from avcC content of at least 4 bytes.
std::string AvcProfileName(std::span<const uint8_t> avcc);

struct Sample {
  int64_t bytes = 0;
  int64_t duration_ticks = 0;
  int64_t composition_ticks = 0;  // presentation minus decode time
  bool sync = false;              // decoding may start here
};

// One moof with a single track run.
struct Fragment {
  int64_t sequence_number = 0;
  int64_t decode_ticks = 0;  // tfdt, of the first sample
  int64_t data_offset = 0;   // of the first sample, from the moof's first byte
  std::vector<Sample> samples;  // decode order
};
// `moof` is the whole box. Errors: kCorruptInput, kUnsupported.
base::Result<Fragment> ParseFragment(std::span<const uint8_t> moof,
                                     const TrackHeader& track);

// A segment index (sidx, 8.16.3): consecutive media ranges that follow it
// directly, each starting with a SAP of type 1.
struct SegmentIndex {
  struct Reference {
    int64_t bytes = 0;
    int64_t duration_ticks = 0;
  };
  uint32_t track_id = 0;
  int64_t timescale_hz = 0;
  int64_t first_ticks = 0;  // earliest presentation time of the first
  std::vector<Reference> references;
};
// Bytes of the index with `references` entries.
int64_t SegmentIndexBytes(size_t references);
// Version 1. Errors: kUnsupported when a number does not fit its field
// (65535 references, 2^31 bytes, 2^32 ticks).
base::Result<std::vector<uint8_t>> WriteSegmentIndex(const SegmentIndex& index);
// `sidx` is the whole box. Errors: kCorruptInput, kUnsupported (an index of
// indexes, media that do not follow directly).
base::Result<SegmentIndex> ParseSegmentIndex(std::span<const uint8_t> sidx);

}  // namespace reel::media
