#include "model/leaky_bucket.h"

#include <algorithm>

#include "base/result.h"

namespace reel::model {
namespace {

__extension__ using Wide = __int128;

int64_t FloorDivide(Wide value, int64_t divisor) {
  const Wide quotient = value / divisor;
  return static_cast<int64_t>(value % divisor < 0 ? quotient - 1 : quotient);
}

bool InRange(int64_t value, int64_t max) { return value >= 1 && value <= max; }

}  // namespace

LeakyBucket::LeakyBucket(const BucketLimits& limits, int start_percent)
    : limits_(limits),
      start_(Wide{limits.buffer_bits} * limits.timescale_hz * start_percent /
             100),
      fullness_(start_),
      lowest_(start_) {
  // Small enough for 2^47 bits * 2^32 Hz, or 2^40 bit/s over 2^64 ticks, to
  // stay far from the ends of 128 bits.
  REEL_CHECK(InRange(limits.rate_bps, int64_t{1} << 40));
  REEL_CHECK(InRange(limits.buffer_bits, int64_t{1} << 40));
  REEL_CHECK(InRange(limits.timescale_hz, int64_t{1} << 32));
  REEL_CHECK(start_percent >= 0 && start_percent <= 100);
}

void LeakyBucket::FillUntil(int64_t ticks) {
  REEL_CHECK(ticks >= now_ticks_);
  fullness_ =
      std::min(Wide{limits_.buffer_bits} * limits_.timescale_hz,
               fullness_ + (Wide{ticks} - now_ticks_) * limits_.rate_bps);
  now_ticks_ = ticks;
}

void LeakyBucket::Remove(const AccessUnit& unit) {
  REEL_CHECK(unit.bits >= 0);
  if (report_.access_units == 0) now_ticks_ = unit.decode_ticks;
  FillUntil(unit.decode_ticks);
  fullness_ -= Wide{unit.bits} * limits_.timescale_hz;
  if (fullness_ < lowest_) {
    lowest_ = fullness_;
    report_.lowest_unit = report_.access_units;
  }
  if (fullness_ < 0 && report_.first_violation < 0) {
    report_.first_violation = report_.access_units;
  }
  ++report_.access_units;
}

BucketReport LeakyBucket::Finish(int64_t end_ticks) {
  if (report_.access_units > 0) FillUntil(end_ticks);
  report_.lowest_bits = FloorDivide(lowest_, limits_.timescale_hz);
  report_.end_bits = FloorDivide(fullness_, limits_.timescale_hz);
  return report_;
}

int64_t LeakyBucket::ShortfallBits() const {
  const Wide missing = std::max({Wide{0}, -lowest_, start_ - fullness_});
  return -FloorDivide(-missing, limits_.timescale_hz);
}

BucketReport RunLeakyBucket(std::span<const AccessUnit> units,
                            int64_t end_ticks, const BucketLimits& limits,
                            int start_percent) {
  LeakyBucket bucket(limits, start_percent);
  for (const AccessUnit& unit : units) bucket.Remove(unit);
  return bucket.Finish(end_ticks);
}

int64_t ChunkShortfallBits(std::span<const AccessUnit> units, int64_t end_ticks,
                           const BucketLimits& limits, int reserve_percent) {
  LeakyBucket bucket(limits, reserve_percent);
  for (const AccessUnit& unit : units) bucket.Remove(unit);
  bucket.Finish(end_ticks);
  return bucket.ShortfallBits();
}

}  // namespace reel::model
