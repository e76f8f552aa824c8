// The peak rate of a finished track, by model/leaky_bucket.h.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "model/leaky_bucket.h"

namespace reel::assemble {

// Runs the decoder's buffer over all access units of a track file. Reads the
// fragments' headers alone, in bounded memory.
//   rate_bps, buffer_bits  the rung's maxrate and buffer
//   start_percent          fullness at the first access unit: the reserve that
//                          every chunk was encoded against
// Errors: kNotFound, kCorruptInput, kUnsupported, kIo. A violation is in the
// report.
base::Result<model::BucketReport> RunLeakyBucketOverTrack(
    const std::string& track_path, int64_t rate_bps, int64_t buffer_bits,
    int start_percent);

}  // namespace reel::assemble
