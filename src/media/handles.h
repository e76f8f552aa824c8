// Owning handles for libav objects. No other file calls a libav free function.
// Moving is cheap, copying does not compile, and a handle is never null once it
// has left its Make function.
#pragma once

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include "base/result.h"
#include "media/picture.h"

namespace reel::media {

// Turns a libav function of the shape void(T**) into a deleter.
template <auto kFree>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const noexcept {
    kFree(&object);
  }
};
struct FreeScaler {
  void operator()(SwsContext* context) const noexcept;
};
struct FreeOutput {
  void operator()(AVFormatContext* context) const noexcept;
};
struct FreeIo {  // with the buffer that libav may have put in place of ours
  void operator()(AVIOContext* context) const noexcept;
};

using Frame = Picture::Handle;  // so that a Frame becomes a Picture by a move
using Packet = std::unique_ptr<AVPacket, FreeWith<av_packet_free>>;
using Codec = std::unique_ptr<AVCodecContext, FreeWith<avcodec_free_context>>;
using PacketFilter = std::unique_ptr<AVBSFContext, FreeWith<av_bsf_free>>;
using Resampler = std::unique_ptr<SwrContext, FreeWith<swr_free>>;
using ScaleContext = std::unique_ptr<SwsContext, FreeScaler>;
// A muxer. Its `pb`, if any, belongs to an Io that outlives it.
using Output = std::unique_ptr<AVFormatContext, FreeOutput>;
// An I/O context with a buffer from av_malloc.
using Io = std::unique_ptr<AVIOContext, FreeIo>;
// What an opened demuxer is closed by; see media/input.h for opening one.
using InputHandle =
    std::unique_ptr<AVFormatContext, FreeWith<avformat_close_input>>;

// Options for libav's open calls: they take what they know out of it.
class Options {
 public:
  Options() = default;
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  ~Options() { av_dict_free(&dictionary_); }
  void Set(const char* key, const char* value) {
    av_dict_set(&dictionary_, key, value, 0);
  }
  AVDictionary** get() { return &dictionary_; }

 private:
  AVDictionary* dictionary_ = nullptr;
};

// Errors: kResourceExhausted when libav cannot allocate.
base::Result<Frame> MakeFrame();
base::Result<Packet> MakePacket();
base::Result<Codec> MakeCodec(const AVCodec* codec);
base::Result<PacketFilter> MakePacketFilter(const AVBitStreamFilter* filter);
// A second owner of the same pixels, which are not copied. The buffer's count
// is atomic; `frame` itself must not change during the call.
base::Result<Frame> CloneFrame(const AVFrame& frame);
// A frame with writable planes of its own.
base::Result<Frame> MakeFrameWithPlanes(AVPixelFormat format, int width,
                                        int height);

}  // namespace reel::media
