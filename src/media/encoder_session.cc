#include "media/encoder_session.h"

#include <cerrno>

#include "media/av_error.h"
#include "media/av_log.h"

namespace reel::media {

base::Result<EncoderSession> EncoderSession::Create(const char* encoder_name) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(encoder_name);
  if (encoder == nullptr) {
    return base::Fail(base::Code::kUnsupported,
                      std::string("libavcodec has no encoder ") + encoder_name);
  }
  REEL_ASSIGN(Codec codec, MakeCodec(encoder));
  REEL_ASSIGN(Packet packet, MakePacket());
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  return EncoderSession(std::move(codec), std::move(packet));
}

base::Status EncoderSession::Open(const std::vector<Option>& options) {
  AvLogCapture log;
  const std::string doing = std::string("open encoder ") + codec_->codec->name;
  Options dictionary;
  for (const auto& [key, value] : options) dictionary.Set(key, value.c_str());
  const int result =
      avcodec_open2(codec_.get(), codec_->codec, dictionary.get());
  if (result == AVERROR(ENOMEM)) return CheckAv(result, doing);
  const AVDictionaryEntry* unknown =
      av_dict_get(*dictionary.get(), "", nullptr, AV_DICT_IGNORE_SUFFIX);
  std::string words = log.TakeErrors();
  if (result >= 0 && unknown == nullptr) return {};
  if (words.empty() && result < 0) words = AvErrorText(result);
  if (words.empty()) words = std::string("unknown option ") + unknown->key;
  return base::Fail(base::Code::kInvalidArgument, doing + ": " + words);
}

base::Result<std::vector<CodedPacket>> EncoderSession::Send(
    const AVFrame* frame) {
  REEL_TRY(CheckAv(avcodec_send_frame(codec_.get(), frame), "encode"));
  std::vector<CodedPacket> packets;
  for (;;) {
    const int result = avcodec_receive_packet(codec_.get(), packet_.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return packets;
    REEL_TRY(CheckAv(result, "encode"));
    packets.push_back({{packet_->data, packet_->data + packet_->size},
                       packet_->pts,
                       (packet_->flags & AV_PKT_FLAG_KEY) != 0});
  }
}

}  // namespace reel::media
