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

// The same for what a demuxer, parser or decoder said of media. Media may make
// libav say anything (EINVAL, EIO beyond the end, ENOMEM for an absurd size):
// all is kCorruptInput, or kUnsupported, but kResourceExhausted when the memory
// is gone indeed. Failures of the disk never come this way: media/input.h.
base::Error FromMediaError(int av_error, const std::string& doing);
base::Status CheckMedia(int result, const std::string& doing);

// Whether an error of this folder is the media's fault, and no trouble of the
// machine's or the caller's.
bool IsMediaFault(base::Code code);

}  // namespace reel::media
