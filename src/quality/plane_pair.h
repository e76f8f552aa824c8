// Two planes that are to be compared must be of one form.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "media/picture.h"

namespace reel::quality {

// Errors: kInvalidArgument if the planes differ in size or sample type, or
// `bit_depth` does not fit it.
base::Status CheckPair(const media::Plane& a, const media::Plane& b,
                       int bit_depth);

// Row `y` of a plane whose samples are of type Sample.
template <typename Sample>
const Sample* Row(const media::Plane& plane, int y) {
  return reinterpret_cast<const Sample*>(plane.data + y * plane.stride_bytes);
}

}  // namespace reel::quality
