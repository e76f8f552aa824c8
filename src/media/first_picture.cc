#include "media/first_picture.h"

#include <optional>
#include <string>
#include <utility>

#include "media/av_error.h"
#include "media/decoder.h"

namespace reel::media {
namespace {

// A picture is whole in one packet; a few more for those that are delayed.
constexpr int kMaxPackets = 8;

}  // namespace

base::Result<Frame> DecodeFirstPicture(Input& input, int stream) {
  REEL_ASSIGN(Decoder decoder, Decoder::Open(*input.stream(stream).codecpar));
  REEL_ASSIGN(Packet packet, MakePacket());
  std::string said = "no picture comes of it";
  for (int n = 0;;) {
    REEL_ASSIGN(std::optional<Frame> frame, decoder.Receive());
    if (const auto complaint = decoder.TakeComplaint()) said = complaint->text;
    if (frame) return std::move(*frame);
    if (decoder.finished()) break;
    const base::Result<bool> got =
        n < kMaxPackets ? input.Read(*packet) : false;
    if (!got && !IsMediaFault(got.error().code))
      return tl::unexpected(got.error());
    if (!got || !*got) {
      REEL_TRY(decoder.Finish());
    } else if (packet->stream_index == stream) {
      REEL_TRY(decoder.Send(*packet, n++));
      if (const auto complaint = decoder.TakeComplaint())
        said = complaint->text;
    }
  }
  return base::Fail(base::Code::kUnsupported, std::move(said));
}

AVFieldOrder FieldOrderOf(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT < AV_VERSION_INT(58, 7, 100)
  const bool interlaced = frame.interlaced_frame != 0;
  const bool top_first = frame.top_field_first != 0;
#else
  const bool interlaced = (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
  const bool top_first = (frame.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#endif
  if (!interlaced) return AV_FIELD_UNKNOWN;
  return top_first ? AV_FIELD_TT : AV_FIELD_BB;
}

}  // namespace reel::media
