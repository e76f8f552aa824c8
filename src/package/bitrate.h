// Bit rates as manifests state them, measured from the bytes of a track.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/encoded.h"

namespace reel::package {

struct SegmentSize {
  int64_t bytes = 0;
  int64_t duration_ticks = 0;  // > 0
};
std::vector<SegmentSize> SegmentSizes(
    std::span<const model::EncodedSegment> segments);

// Bits per second, rounded up.
struct Bitrates {
  // The largest rate of any contiguous segments that together last between 0.5
  // and 1.5 target durations (of all segments, if none do).
  int64_t peak_bps = 0;
  int64_t average_bps = 0;
};
//   segments      [n >= 1], presentation order
//   timescale_hz  > 0
// Source: RFC 8216bis, section 4.4.6.2 and 6.2.1. Pure.
Bitrates MeasureBitrates(std::span<const SegmentSize> segments,
                         int64_t timescale_hz);

// EXT-X-TARGETDURATION: the longest segment, rounded to whole seconds, >= 1.
// Source: RFC 8216bis, section 4.4.3.1.
int64_t TargetDurationSeconds(std::span<const SegmentSize> segments,
                              int64_t timescale_hz);

}  // namespace reel::package
