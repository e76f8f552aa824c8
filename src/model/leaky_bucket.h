// The buffer of a hypothetical decoder: bits arrive at a constant rate until it
// is full, and each access unit leaves it whole at its decode time. A stream
// whose buffer never runs short plays over a line of that rate.
// Source: Rec. ITU-T H.264 (08/2021), C.3, with cbr_flag 0: a full buffer is no
// fault. Arithmetic is exact: integers of bits times ticks, 128 bits wide.
#pragma once

#include <cstdint>
#include <span>

namespace reel::model {

struct BucketLimits {
  int64_t rate_bps = 0;      // 1 .. 2^40
  int64_t buffer_bits = 0;   // 1 .. 2^40
  int64_t timescale_hz = 0;  // 1 .. 2^32, of all decode times
};

struct AccessUnit {
  int64_t decode_ticks = 0;
  int64_t bits = 0;  // >= 0
};

// What happened to the buffer. Bits are rounded down.
struct BucketReport {
  int64_t access_units = 0;
  int64_t first_violation = -1;  // first access unit that came late; -1: none
  // Least fullness right after a removal, and the access unit removed; below
  // zero if bits were missing. The starting fullness if there was no removal.
  int64_t lowest_bits = 0;
  int64_t lowest_unit = -1;
  int64_t end_bits = 0;  // fullness when the next access unit would be due
};

// One run of the buffer over a stream of any length. Not for use from several
// threads.
class LeakyBucket {
 public:
  // The buffer is `start_percent` (0 .. 100) full at the first decode time.
  LeakyBucket(const BucketLimits& limits, int start_percent);
  // The next access unit in decode order; time must not run backwards.
  void Remove(const AccessUnit& unit);
  // The report of a stream whose next access unit would be due at `end_ticks`.
  BucketReport Finish(int64_t end_ticks);
  // Least number of bits by which the stream would have to be smaller to leave
  // the buffer no lower than it found it, and never short; 0 if it does so.
  // Call after Finish.
  int64_t ShortfallBits() const;

 private:
  __extension__ using Wide = __int128;  // bits * timescale_hz
  void FillUntil(int64_t ticks);

  BucketLimits limits_;
  Wide start_;
  Wide fullness_;
  Wide lowest_;
  int64_t now_ticks_ = 0;
  BucketReport report_;
};

// Runs the buffer over a whole stream.
//   units      decode order
//   end_ticks  decode time of what follows, at or after the last
BucketReport RunLeakyBucket(std::span<const AccessUnit> units,
                            int64_t end_ticks, const BucketLimits& limits,
                            int start_percent);

// The reserve that chunks are encoded with, in percent of the buffer.
inline constexpr int kReservePercent = 30;

// The rule that makes joining safe. A chunk conforms, shortfall 0, if a buffer
// that starts `reserve_percent` full never runs short in it and is that full
// again when the next chunk's first access unit is due. Then every row of
// conforming chunks of one rung conforms as one stream: each step of the
// buffer, fullness' = min(buffer, fullness - bits + rate * time), does not
// decrease in `fullness`, so a buffer that starts fuller is at least as full at
// every later instant. By induction each chunk is entered with the reserve or
// more, hence never runs short and hands on the reserve or more. So a chunk can
// be judged, and encoded again, without knowing its neighbours.
int64_t ChunkShortfallBits(std::span<const AccessUnit> units, int64_t end_ticks,
                           const BucketLimits& limits, int reserve_percent);

}  // namespace reel::model
