// Do two pictures of equal number belong together? Judged by their times, each
// since its stream's first: containers round times and shift them, but what was
// encoded frame by frame keeps its pace. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "quality/picture_stream.h"

namespace reel::quality {

// Times may differ by half a frame, if the nominal rates are equal, and
// otherwise by no more than the containers' clocks round. A time that is not
// known agrees with any.
//   frame  number of the two, for the message
// Errors: kInvalidArgument, with both times and the remedy.
base::Status CheckTimes(const StreamFacts& reference,
                        std::optional<std::chrono::nanoseconds> reference_time,
                        const StreamFacts& distorted,
                        std::optional<std::chrono::nanoseconds> distorted_time,
                        int64_t frame);

// The error for streams that differ in their number of frames.
tl::unexpected<base::Error> CountsDiffer(const StreamFacts& reference,
                                         int64_t reference_frames,
                                         const StreamFacts& distorted,
                                         int64_t distorted_frames);

}  // namespace reel::quality
