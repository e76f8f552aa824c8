#include "media/decoder.h"

#include <utility>

#include "media/av_error.h"
#include "media/av_log.h"
#include "media/av_memory.h"

namespace reel::media {
namespace {

void Configure(AVCodecContext& codec) {
  codec.thread_count = 1;
  codec.max_pixels = kMostPixels;
  codec.pkt_timebase = {1, 1};
  // All that can be decoded comes out, marked when it is damaged.
  codec.flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
  codec.err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER;
  // Otherwise libav's H.264 decoder learns the reorder depth as it goes, and
  // gives a mid-stream start another frame order than a decode from the top.
  if (codec.codec_id == AV_CODEC_ID_H264)
    codec.strict_std_compliance = FF_COMPLIANCE_STRICT;
}

base::Result<PacketFilter> MakeUnpacker(const AVCodecParameters& codec) {
  const AVBitStreamFilter* filter = av_bsf_get_by_name("mpeg4_unpack_bframes");
  if (codec.codec_id != AV_CODEC_ID_MPEG4 || filter == nullptr)
    return PacketFilter();
  REEL_ASSIGN(PacketFilter unpacker, MakePacketFilter(filter));
  REEL_TRY(CheckAv(avcodec_parameters_copy(unpacker->par_in, &codec),
                   "copy codec parameters"));
  REEL_TRY(CheckMedia(av_bsf_init(unpacker.get()), "set up a packet filter"));
  return unpacker;
}

}  // namespace

base::Result<Decoder> Decoder::Open(const AVCodecParameters& parameters) {
  const std::string doing = std::string("open the decoder for ") +
                            avcodec_get_name(parameters.codec_id);
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr)
    return base::Fail(base::Code::kUnsupported, doing + ": there is none");
  AvLogCapture log;
  REEL_ASSIGN(PacketFilter unpacker, MakeUnpacker(parameters));
  REEL_ASSIGN(Codec context, MakeCodec(codec));
  REEL_TRY(
      CheckMedia(avcodec_parameters_to_context(
                     context.get(), unpacker ? unpacker->par_out : &parameters),
                 doing));
  Configure(*context);
  REEL_TRY(CheckMedia(avcodec_open2(context.get(), codec, nullptr), doing));
  return Decoder(std::move(context), std::move(unpacker));
}

base::Status Decoder::Note(int result, std::string said) {
  if (result == AVERROR(ENOMEM) && IsMemoryGone())
    return CheckAv(result, "decode");
  refused_ = refused_ || result < 0;
  if (result < 0 && said.empty()) said = AvErrorText(result);
  if (!said_.empty() && !said.empty()) said_ += "; ";
  said_ += said;
  return {};
}

base::Result<std::optional<Frame>> Decoder::Receive() {
  AvLogCapture log;
  REEL_ASSIGN(Frame frame, MakeFrame());
  while (true) {
    const int result = avcodec_receive_frame(codec_.get(), frame.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) {
      REEL_TRY(Note(0, log.TakeErrors()));
      return std::nullopt;
    }
    REEL_TRY(Note(result, log.TakeErrors()));
    if (result == 0) return frame;
  }
}

base::Status Decoder::Send(AVPacket& packet, int64_t number) {
  AvLogCapture log;
  last_packet_ = number;
  packet.pts = packet.dts = number;
  packet.duration = 0;
  // Frames that an edit list hides are dropped by number, not in here.
  packet.flags &= ~AV_PKT_FLAG_DISCARD;
  int result = Unpack(packet);
  if (result >= 0 && packet.size > 0)
    result = avcodec_send_packet(codec_.get(), &packet);
  av_packet_unref(&packet);
  return Note(result, log.TakeErrors());
}

// Puts one frame's packet in the place of `packet`, an empty one if there is
// none: the filter gives at most one for each that it takes.
int Decoder::Unpack(AVPacket& packet) {
  if (!unpacker_) return 0;
  const int sent = av_bsf_send_packet(unpacker_.get(), &packet);
  if (sent < 0) return sent;
  const int received = av_bsf_receive_packet(unpacker_.get(), &packet);
  return received == AVERROR(EAGAIN) ? 0 : received;
}

base::Status Decoder::Finish() {
  finished_ = true;
  AvLogCapture log;
  const int result = avcodec_send_packet(codec_.get(), nullptr);
  return Note(result == AVERROR_EOF ? 0 : result, log.TakeErrors());
}

std::optional<Decoder::Complaint> Decoder::TakeComplaint() {
  if (said_.empty()) return std::nullopt;
  return Complaint{last_packet_, std::exchange(said_, {}),
                   std::exchange(refused_, false)};
}

}  // namespace reel::media
