#include "quality/plane_pair.h"

#include <fmt/format.h>

namespace reel::quality {

using base::Code;
using base::Fail;

base::Status CheckPair(const media::Plane& a, const media::Plane& b,
                       int bit_depth) {
  if (a.width != b.width || a.height != b.height ||
      a.bytes_per_sample != b.bytes_per_sample)
    return Fail(Code::kInvalidArgument,
                fmt::format("planes of {}x{} and {}x{} with {} and {} bytes a "
                            "sample cannot be compared; scale or convert one",
                            a.width, a.height, b.width, b.height,
                            a.bytes_per_sample, b.bytes_per_sample));
  if (a.width < 1 || a.height < 1 || bit_depth < 8 || bit_depth > 16 ||
      (bit_depth > 8) != (a.bytes_per_sample == 2))
    return Fail(Code::kInvalidArgument,
                fmt::format("a plane of {}x{} with {} bytes a sample is none "
                            "of {} bit",
                            a.width, a.height, a.bytes_per_sample, bit_depth));
  return {};
}

}  // namespace reel::quality
