// How pictures are scaled, whatever for: libswscale's bicubic filter, bit-exact
// and accurately rounded. It is no slower so on x86 (its vertical filter is in
// SIMD too), and all targets agree.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "media/handles.h"

namespace reel::media {

// An option of libswscale's context (libswscale/options.c).
struct ScaleOption {
  const char* name;
  int64_t value;
};

// A context for those options. Errors: kUnsupported (libswscale cannot read or
// write such pictures), kResourceExhausted.
base::Result<ScaleContext> MakeScaleContext(
    std::span<const ScaleOption> options);

}  // namespace reel::media
