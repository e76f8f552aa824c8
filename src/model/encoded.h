// What the encode stages leave behind, and what joins it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/shot.h"

namespace reel::model {

// One fragment (moof + mdat) = one segment of one rendition.
struct EncodedSegment {
  FrameRange range;
  int64_t start_ticks = 0;  // of the title's timeline
  int64_t duration_ticks = 0;
  int64_t bytes = 0;   // of moof + mdat
  std::string sha256;  // of moof + mdat
};

// One chunk of one rendition, as encoded, decoded again and found right.
struct EncodedChunk {
  std::string rendition;
  int64_t chunk = 0;
  FrameRange range;
  std::string init_sha256;  // of ftyp + moov
  std::vector<EncodedSegment> segments;
  int attempts = 1;  // encodes until the rate bound held
};

// One finished video track: init, sidx, then the fragments.
struct VideoTrackFile {
  std::string rendition;
  std::string codecs;   // RFC 6381, "avc1.64001f"
  std::string profile;  // "High"
  int width = 0;
  int height = 0;
  int64_t timescale_hz = 0;
  int64_t init_bytes = 0;   // [0, init_bytes) is ftyp + moov
  int64_t index_bytes = 0;  // then the sidx
  std::vector<EncodedSegment> segments;
  // First byte of each segment, and the byte length of its leading key frame
  // with all before it, for I-frame playlists: [segments].
  std::vector<int64_t> segment_offsets;
  std::vector<int64_t> key_frame_bytes;
  int64_t bytes = 0;
  std::string sha256;
};

// One finished audio track: init, sidx, then the fragments.
struct AudioTrackFile {
  std::string rendition;  // "audio-und-aac"
  std::string codecs;     // "mp4a.40.2"
  std::string language;   // BCP 47, "und" when not known
  int channels = 0;
  int sample_rate_hz = 0;
  int64_t timescale_hz = 0;
  int64_t priming_samples = 0;  // decoder delay, cut by the edit list
  int64_t samples = 0;          // presented
  int64_t init_bytes = 0;
  int64_t index_bytes = 0;
  std::vector<EncodedSegment> segments;  // `range` counts AAC frames
  std::vector<int64_t> segment_offsets;
  int64_t bytes = 0;
  std::string sha256;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EncodedSegment, range, start_ticks,
                                   duration_ticks, bytes, sha256)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EncodedChunk, rendition, chunk, range,
                                   init_sha256, segments, attempts)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(VideoTrackFile, rendition, codecs, profile,
                                   width, height, timescale_hz, init_bytes,
                                   index_bytes, segments, segment_offsets,
                                   key_frame_bytes, bytes, sha256)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AudioTrackFile, rendition, codecs, language,
                                   channels, sample_rate_hz, timescale_hz,
                                   priming_samples, samples, init_bytes,
                                   index_bytes, segments, segment_offsets,
                                   bytes, sha256)

}  // namespace reel::model
