#include "media/essence_probe.h"

#include <utility>

#include "media/av_error.h"
#include "media/codec_facts.h"
#include "media/first_picture.h"
#include "media/input.h"
#include "media/track_facts.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reel::media {
namespace {

int FirstStream(const AVFormatContext& context, AVMediaType type) {
  for (unsigned i = 0; i < context.nb_streams; ++i) {
    if (context.streams[i]->codecpar->codec_type == type)
      return static_cast<int>(i);
  }
  return -1;
}

base::Rational Exactly(AVRational value) {
  return base::Reduce({value.num, value.den});
}

void TakePixelFormat(AVPixelFormat format, Essence& essence) {
  const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(format);
  if (descriptor == nullptr) return;
  essence.components = descriptor->nb_components;
  essence.rgb = (descriptor->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  essence.chroma_width_shift = descriptor->log2_chroma_w;
  essence.chroma_height_shift = descriptor->log2_chroma_h;
  essence.video.pixel_format = descriptor->name;
  essence.video.bit_depth = descriptor->comp[0].depth;
}

base::Status ProbePicture(Input& input, Essence& essence) {
  AVFormatContext& context = input.context();
  const AVStream& stream = input.stream(essence.stream);
  const AVCodecParameters& codec = *stream.codecpar;
  essence.intra_only = IsIntraOnly(codec.codec_id);
  essence.video = VideoFacts(context, essence.stream);
  TakePixelFormat(static_cast<AVPixelFormat>(codec.format), essence);
  const auto frame = DecodeFirstPicture(input, essence.stream);
  if (!frame) {
    if (!IsMediaFault(frame.error().code)) return tl::unexpected(frame.error());
    essence.undecodable = frame.error().message;
    return {};
  }
  essence.video.width = (*frame)->width;
  essence.video.height = (*frame)->height;
  TakePixelFormat(static_cast<AVPixelFormat>((*frame)->format), essence);
  // Samples of 12 bits in words of 16: the stream says so.
  if (codec.bits_per_raw_sample > 0)
    essence.video.bit_depth = codec.bits_per_raw_sample;
  return {};
}

void ProbeSound(const Input& input, Essence& essence) {
  AVFormatContext& context = input.context();
  const AVCodecParameters& codec = *input.stream(essence.stream).codecpar;
  for (model::AudioTrack& track : AudioFacts(context, -1)) {
    if (track.index == essence.stream) essence.audio = std::move(track);
  }
  essence.sample_bits = codec.bits_per_raw_sample > 0
                            ? codec.bits_per_raw_sample
                            : av_get_exact_bits_per_sample(codec.codec_id);
  essence.linear_pcm = LinearPcmBits(codec.codec_id) > 0;
  if (avcodec_find_decoder(codec.codec_id) == nullptr)
    essence.undecodable = "no decoder";
}

}  // namespace

base::Result<Essence> ProbeEssence(const std::string& path) {
  REEL_ASSIGN(Input input, Input::OpenFile(path));
  Essence essence;
  const std::pair<AVMediaType, model::TrackKind> kinds[] = {
      {AVMEDIA_TYPE_VIDEO, model::TrackKind::kPicture},
      {AVMEDIA_TYPE_AUDIO, model::TrackKind::kSound},
      {AVMEDIA_TYPE_SUBTITLE, model::TrackKind::kText}};
  essence.stream = -1;
  for (const auto& [type, kind] : kinds) {
    if (essence.stream >= 0) break;
    essence.stream = FirstStream(input.context(), type);
    essence.kind = kind;
  }
  if (essence.stream < 0)
    return base::Fail(base::Code::kUnsupported,
                      path + ": no picture, sound or text");
  const AVStream& stream = input.stream(essence.stream);
  essence.codec = avcodec_get_name(stream.codecpar->codec_id);
  essence.unit_rate = Exactly(av_inv_q(stream.time_base));
  essence.units = stream.duration == AV_NOPTS_VALUE ? 0 : stream.duration;
  if (essence.kind == model::TrackKind::kPicture)
    REEL_TRY_DOING(path, ProbePicture(input, essence));
  if (essence.kind == model::TrackKind::kSound) ProbeSound(input, essence);
  return essence;
}

}  // namespace reel::media
