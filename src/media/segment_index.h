// The segment index box, sidx (ISO/IEC 14496-12, 8.16.3): where the segments of
// a track lie and how long each lasts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace reel::media {

// Media ranges that follow the index directly and each other, each starting
// with a SAP of type 1 (a closed-GOP key frame).
struct SegmentIndex {
  struct Reference {
    int64_t bytes = 0;
    int64_t duration_ticks = 0;
    friend bool operator==(const Reference&, const Reference&) = default;
  };
  uint32_t track_id = 0;
  int64_t timescale_hz = 0;
  int64_t first_ticks = 0;  // earliest presentation time of the first
  std::vector<Reference> references;
};

// Bytes of the box with so many references.
int64_t SegmentIndexBytes(size_t references);
// The box, version 1. Errors: kUnsupported when a number does not fit its field
// (65535 references, 2^31 bytes, 2^32 ticks).
base::Result<std::vector<uint8_t>> WriteSegmentIndex(const SegmentIndex& index);
// `sidx` is the whole box. Errors: kCorruptInput; kUnsupported for an index of
// indexes or media that do not follow directly.
base::Result<SegmentIndex> ParseSegmentIndex(std::span<const uint8_t> sidx);

}  // namespace reel::media
