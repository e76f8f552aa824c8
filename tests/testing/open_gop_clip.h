// A small H.264 clip with open GOPs in any container: key frames that pictures
// shown before them follow in the file.
#pragma once

#include <string>

#include "media/av_error.h"
#include "media/av_log.h"
#include "media/handles.h"
#include "unit/media/synthetic_video.h"

namespace reel::testing {

struct OpenGopClip {
  std::string path;
  std::string muxer;  // libavformat's name
  int frames = 96;
  std::string x264_params =
      "keyint=16:min-keyint=16:scenecut=0:open-gop=1:bframes=3:b-adapt=0";
};

// The muxer and its file, closed together.
class ClipFile {
 public:
  static base::Result<ClipFile> Create(const OpenGopClip& clip,
                                       const AVCodecContext& encoder) {
    AVFormatContext* context = nullptr;
    REEL_TRY(media::CheckAv(
        avformat_alloc_output_context2(&context, nullptr, clip.muxer.c_str(),
                                       clip.path.c_str()),
        "make a muxer"));
    ClipFile file{media::Output(context)};
    AVStream* stream = avformat_new_stream(context, nullptr);
    stream->time_base = encoder.time_base;
    REEL_TRY(media::CheckAv(
        avcodec_parameters_from_context(stream->codecpar, &encoder), "copy"));
    REEL_TRY(media::CheckAv(
        avio_open(&context->pb, clip.path.c_str(), AVIO_FLAG_WRITE), "open"));
    REEL_TRY(media::CheckAv(avformat_write_header(context, nullptr), "header"));
    return file;
  }
  base::Status Write(AVPacket& packet, AVRational time_base) {
    packet.stream_index = 0;
    av_packet_rescale_ts(&packet, time_base, context_->streams[0]->time_base);
    return media::CheckAv(av_write_frame(context_.get(), &packet), "write");
  }
  base::Status Finish() {
    REEL_TRY(media::CheckAv(av_write_trailer(context_.get()), "trailer"));
    return media::CheckAv(avio_closep(&context_->pb), "close");
  }

 private:
  explicit ClipFile(media::Output context) : context_(std::move(context)) {}
  media::Output context_;
};

inline base::Result<media::Codec> OpenGopEncoder(const OpenGopClip& clip) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  REEL_ASSIGN(media::Codec encoder, media::MakeCodec(codec));
  encoder->width = 128;
  encoder->height = 72;
  encoder->pix_fmt = AV_PIX_FMT_YUV420P;
  encoder->time_base = {1, 24};
  encoder->framerate = {24, 1};
  encoder->thread_count = 1;
  // MP4 and Matroska want the parameter sets apart, transport streams in band.
  if (clip.muxer == "mp4" || clip.muxer == "matroska")
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  media::Options options;
  options.Set("x264-params", (clip.x264_params + ":log=-1").c_str());
  REEL_TRY(media::CheckAv(avcodec_open2(encoder.get(), codec, options.get()),
                          "open libx264"));
  return encoder;
}

inline base::Status MakeOpenGopClip(const OpenGopClip& clip) {
  media::SilenceAvLog();
  REEL_ASSIGN(const media::Codec encoder, OpenGopEncoder(clip));
  REEL_ASSIGN(ClipFile file, ClipFile::Create(clip, *encoder));
  REEL_ASSIGN(const media::Packet packet, media::MakePacket());
  for (int n = 0; n <= clip.frames; ++n) {
    if (n < clip.frames) {
      const media::Picture picture = media::MovingPicture(128, 72, n);
      REEL_ASSIGN(const media::Frame frame, media::CloneFrame(picture.frame()));
      frame->pts = n;
      REEL_TRY(media::CheckAv(avcodec_send_frame(encoder.get(), frame.get()),
                              "encode"));
    } else {
      avcodec_send_frame(encoder.get(), nullptr);
    }
    while (avcodec_receive_packet(encoder.get(), packet.get()) == 0)
      REEL_TRY(file.Write(*packet, encoder->time_base));
  }
  return file.Finish();
}

}  // namespace reel::testing
