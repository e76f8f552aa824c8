#include "ladder/chunk_facts.h"

#include <algorithm>

namespace reel::ladder {

CurvePoint PointOf(const model::Probe& probe, const ChunkFacts& chunk) {
  const double key = static_cast<double>(probe.key_bits) /
                     static_cast<double>(std::max<int64_t>(probe.keys, 1));
  const int64_t others = probe.frames - probe.keys;
  const double other = others > 0
                           ? static_cast<double>(probe.bits - probe.key_bits) /
                                 static_cast<double>(others)
                           : key;
  const auto segments = static_cast<double>(chunk.segments);
  return {
      probe.crf, probe.vmaf,
      segments * key + (static_cast<double>(chunk.frames) - segments) * other};
}

}  // namespace reel::ladder
