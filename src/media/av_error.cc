#include "media/av_error.h"

#include <array>
#include <cerrno>

#include "media/av_memory.h"

extern "C" {
#include <libavutil/error.h>
}

namespace reel::media {
namespace {

base::Code CodeOf(int av_error) {
  switch (av_error) {
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_ENCODER_NOT_FOUND:
    case AVERROR_MUXER_NOT_FOUND:
    case AVERROR_BSF_NOT_FOUND:
    case AVERROR_PATCHWELCOME:
      return base::Code::kUnsupported;
    case AVERROR_INVALIDDATA:
    case AVERROR_EOF:  // where one was not expected
    case AVERROR_STREAM_NOT_FOUND:
      return base::Code::kCorruptInput;
    case AVERROR_OPTION_NOT_FOUND:
    case AVERROR_PROTOCOL_NOT_FOUND:
    case AVERROR(EINVAL):
      return base::Code::kInvalidArgument;
    case AVERROR_EXIT:
      return base::Code::kCancelled;
    case AVERROR_BUG:
    case AVERROR_BUG2:
    case AVERROR_EXTERNAL:
    case AVERROR_UNKNOWN:
      return base::Code::kInternal;
    default:
      return base::FromErrno(AVUNERROR(av_error), "").code;
  }
}

}  // namespace

std::string AvErrorText(int av_error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(av_error, text.data(), text.size());
  return text.data();
}

base::Error FromAvError(int av_error, const std::string& doing) {
  return {CodeOf(av_error), doing + ": " + AvErrorText(av_error)};
}

base::Status CheckAv(int result, const std::string& doing) {
  if (result >= 0) return {};
  return tl::unexpected(FromAvError(result, doing));
}

base::Error FromMediaError(int av_error, const std::string& doing) {
  base::Error error = FromAvError(av_error, doing);
  const bool no_memory = av_error == AVERROR(ENOMEM) && IsMemoryGone();
  if (!no_memory && !IsMediaFault(error.code))
    error.code = base::Code::kCorruptInput;
  return error;
}

base::Status CheckMedia(int result, const std::string& doing) {
  if (result >= 0) return {};
  return tl::unexpected(FromMediaError(result, doing));
}

bool IsMediaFault(base::Code code) {
  return code == base::Code::kCorruptInput || code == base::Code::kUnsupported;
}

}  // namespace reel::media
