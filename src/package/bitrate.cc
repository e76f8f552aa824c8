#include "package/bitrate.h"

#include <algorithm>

#include "base/rational.h"

namespace reel::package {
namespace {

__extension__ using Wide = __int128;

constexpr int64_t kMicro = 1'000'000;

int64_t RateBps(int64_t bytes, int64_t ticks, int64_t timescale_hz) {
  const Wide bits = Wide{8} * bytes * timescale_hz;
  return static_cast<int64_t>((bits + ticks - 1) / ticks);
}

SegmentSize Sum(std::span<const SegmentSize> segments) {
  SegmentSize sum;
  for (const SegmentSize& segment : segments) {
    sum.bytes += segment.bytes;
    sum.duration_ticks += segment.duration_ticks;
  }
  return sum;
}

// Whether `rate_bps` never lets more bits pile up, unsent when their segment is
// due, than the buffer's time sends.
bool Suffices(int64_t rate_bps, const SegmentSizes& sizes,
              int64_t buffer_ticks) {
  Wide late = 0;  // bits * timescale_hz
  for (const SegmentSize& segment : sizes.segments) {
    late += Wide{8} * segment.bytes * sizes.timescale_hz;
    if (late > Wide{rate_bps} * buffer_ticks) return false;
    late = std::max<Wide>(0, late - Wide{rate_bps} * segment.duration_ticks);
  }
  return true;
}

}  // namespace

SegmentSizes SizesOf(std::span<const model::EncodedSegment> segments,
                     int64_t timescale_hz) {
  SegmentSizes sizes{.segments = {}, .timescale_hz = timescale_hz};
  for (const model::EncodedSegment& segment : segments)
    sizes.segments.push_back({segment.bytes, segment.duration_ticks});
  return sizes;
}

std::vector<int64_t> DurationsMicroseconds(const SegmentSizes& sizes) {
  std::vector<int64_t> durations;
  int64_t ticks = 0;
  int64_t start = 0;
  for (const SegmentSize& segment : sizes.segments) {
    ticks += segment.duration_ticks;
    const int64_t end =
        base::Rescale(ticks, {1, sizes.timescale_hz}, {1, kMicro});
    durations.push_back(end - start);
    start = end;
  }
  return durations;
}

int64_t TargetDurationSeconds(const SegmentSizes& sizes) {
  const std::vector<int64_t> durations = DurationsMicroseconds(sizes);
  const int64_t longest = *std::max_element(durations.begin(), durations.end());
  return std::max<int64_t>(1, (longest + kMicro / 2) / kMicro);
}

Bitrates MeasureBitrates(const SegmentSizes& sizes) {
  const std::span<const SegmentSize> segments(sizes.segments);
  const int64_t target_ticks =
      TargetDurationSeconds(sizes) * sizes.timescale_hz;
  Bitrates rates;
  for (size_t first = 0; first < segments.size(); ++first) {
    SegmentSize sum;
    for (const SegmentSize& segment : segments.subspan(first)) {
      sum.bytes += segment.bytes;
      sum.duration_ticks += segment.duration_ticks;
      if (2 * sum.duration_ticks > 3 * target_ticks) break;
      if (2 * sum.duration_ticks < target_ticks) continue;
      rates.peak_bps =
          std::max(rates.peak_bps,
                   RateBps(sum.bytes, sum.duration_ticks, sizes.timescale_hz));
    }
  }
  const SegmentSize all = Sum(segments);
  rates.average_bps =
      RateBps(all.bytes, all.duration_ticks, sizes.timescale_hz);
  if (rates.peak_bps == 0) rates.peak_bps = rates.average_bps;
  return rates;
}

int64_t BandwidthBps(const SegmentSizes& sizes, int64_t buffer_ticks) {
  int64_t enough = 1;
  while (!Suffices(enough, sizes, buffer_ticks)) enough *= 2;
  int64_t too_little = 0;
  while (enough - too_little > 1) {
    const int64_t middle = too_little + (enough - too_little) / 2;
    (Suffices(middle, sizes, buffer_ticks) ? enough : too_little) = middle;
  }
  return enough;
}

}  // namespace reel::package
