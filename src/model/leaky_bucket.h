// The buffer of a hypothetical decoder: bits arrive at a constant rate until it
// is full, and each access unit leaves it whole at its decode time. A stream
// whose buffer never runs short plays over a line of that rate.
// Source: Rec. ITU-T H.264 (08/2021), C.3 with low_delay_hrd_flag 0 and a
// variable bit rate (cbr_flag 0), so a full buffer is no fault. Arithmetic is
// exact: integers of bit-ticks, 128 bits wide.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

namespace reel::model {

struct BucketLimits {
  int64_t rate_bps = 0;      // > 0
  int64_t buffer_bits = 0;   // > 0
  int64_t timescale_hz = 0;  // > 0, ticks per second of all decode times
};

struct AccessUnit {
  int64_t bits = 0;
  int64_t decode_ticks = 0;
};

// Fullness that a chunk takes over from the one before it and must hand on to
// the next, in percent of the buffer.
inline constexpr int kReservePercent = 30;

// What happened to the buffer. Bits are rounded down.
struct BucketReport {
  int64_t access_units = 0;
  // Least fullness right after a removal, and the access unit removed; below
  // zero if bits were missing.
  int64_t lowest_bits = 0;
  int64_t lowest_unit = -1;
  int64_t first_violation = -1;  // first access unit that came late; -1: none
  int64_t end_bits = 0;          // fullness at the stream's end
  bool ends_at_reserve = false;  // at least the fullness that it began with
};

// One run of the buffer over a stream of any length. Not for use from several
// threads.
class LeakyBucket {
 public:
  // The buffer is `start_percent` (0..100) full at the first decode time.
  // Errors: kInvalidArgument if a limit is not positive or above 2^40.
  static base::Result<LeakyBucket> Create(const BucketLimits& limits,
                                          int start_percent);
  // The next access unit in decode order.
  // Errors: kInvalidArgument if time runs backwards or `bits` is negative.
  base::Status Remove(const AccessUnit& unit);
  // The report, with the stream's end (the decode time that its next access
  // unit would have) at `end_ticks`.
  base::Result<BucketReport> Finish(int64_t end_ticks);

 private:
  __extension__ using Wide = __int128;
  LeakyBucket(const BucketLimits& limits, int start_percent);
  base::Status FillUntil(int64_t ticks);

  BucketLimits limits_;
  Wide capacity_;  // as all fullness: bits * timescale_hz
  Wide start_;
  Wide fullness_;
  Wide lowest_;
  int64_t now_ticks_ = 0;
  BucketReport report_;
};

// Runs the buffer over a whole stream. Errors: as LeakyBucket.
base::Result<BucketReport> RunLeakyBucket(std::span<const AccessUnit> units,
                                          int64_t end_ticks,
                                          const BucketLimits& limits,
                                          int start_percent);

// The rule that makes joining safe. A chunk conforms if a buffer that starts
// `kReservePercent` full never runs short in it and is that full again at its
// end. Then every row of conforming chunks of one rung conforms as one stream:
// each step, fullness' = min(buffer, fullness - bits + rate * time), does not
// decrease in `fullness`, so a buffer that starts fuller stays at least as full
// at every instant. By induction each chunk is entered with the reserve or more
// and hence never runs short and hands on the reserve or more. So a chunk can
// be judged, and encoded again, without knowing its neighbours.
inline bool ConformsAsChunk(const BucketReport& from_reserve) {
  return from_reserve.first_violation < 0 && from_reserve.ends_at_reserve;
}

}  // namespace reel::model
