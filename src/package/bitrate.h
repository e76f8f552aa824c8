// Durations and bit rates as manifests state them, measured from the bytes of a
// track.
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
// One rendition's segments, in presentation order, on a clock of timescale_hz.
struct SegmentSizes {
  std::vector<SegmentSize> segments;  // [n >= 1]
  int64_t timescale_hz = 0;           // > 0
};
SegmentSizes SizesOf(std::span<const model::EncodedSegment> segments,
                     int64_t timescale_hz);

// Each segment's duration in microseconds, as EXTINF states it: rounded so that
// the durations up to any segment add up to its end time, rounded.
std::vector<int64_t> DurationsMicroseconds(const SegmentSizes& sizes);

// EXT-X-TARGETDURATION: the longest of DurationsMicroseconds, rounded to whole
// seconds, at least 1. Source: RFC 8216bis, 4.4.3.1.
int64_t TargetDurationSeconds(const SegmentSizes& sizes);

// Bits per second, rounded up.
struct Bitrates {
  // The largest rate of any contiguous segments that together last between half
  // and one and a half target durations; of all segments, if none do.
  int64_t peak_bps = 0;
  int64_t average_bps = 0;
};
// Source: RFC 8216bis, 4.1 and 4.4.6.2. Pure.
Bitrates MeasureBitrates(const SegmentSizes& sizes);

// MPD@bandwidth: the least constant rate at which playout that starts on any
// segment, after `buffer_ticks` of receiving, has every segment whole before it
// is due. Source: ISO/IEC 23009-1, table 9. Pure.
//   buffer_ticks  > 0
int64_t BandwidthBps(const SegmentSizes& sizes, int64_t buffer_ticks);

}  // namespace reel::package
