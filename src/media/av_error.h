// libav's error numbers as ours.
#pragma once

#include <string>

#include "base/result.h"

namespace reel::media {

// libav's words for one of its error numbers (negative).
std::string AvErrorText(int av_error);
// "doing: words", with the code that tells a caller what to do about it.
base::Error FromAvError(int av_error, const std::string& doing);
// Ok for `result` >= 0, else FromAvError.
base::Status CheckAv(int result, const std::string& doing);

}  // namespace reel::media
