// A:B on the command line: which part of a video.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "quality/quality.h"

namespace reel::cli {

struct FramePlaces {
  std::optional<quality::FramePlace> first;  // nullopt: the beginning
  std::optional<quality::FramePlace> end;    // exclusive; nullopt: the end
};

// "A:B", half-open: each a frame number from 0, or seconds with an s behind
// ("1.5s"), or empty. Errors: kInvalidArgument.
base::Result<FramePlaces> ParseFrameRange(const std::string& text);

}  // namespace reel::cli
