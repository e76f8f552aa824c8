#include "media/handles.h"

#include "media/av_error.h"

namespace reel::media {
namespace {

base::Result<void> OutOfMemory() {
  return base::Fail(base::Code::kResourceExhausted, "libav: out of memory");
}

template <typename Handle>
base::Result<Handle> Owned(typename Handle::pointer object) {
  if (object == nullptr) REEL_TRY(OutOfMemory());
  return Handle(object);
}

}  // namespace

void FreeScaler::operator()(SwsContext* context) const noexcept {
  sws_freeContext(context);
}

void FreeOutput::operator()(AVFormatContext* context) const noexcept {
  avformat_free_context(context);
}

void FreeIo::operator()(AVIOContext* context) const noexcept {
  av_freep(&context->buffer);
  avio_context_free(&context);
}

base::Result<Frame> MakeFrame() { return Owned<Frame>(av_frame_alloc()); }

base::Result<Packet> MakePacket() { return Owned<Packet>(av_packet_alloc()); }

base::Result<Codec> MakeCodec(const AVCodec* codec) {
  return Owned<Codec>(avcodec_alloc_context3(codec));
}

base::Result<PacketFilter> MakePacketFilter(const AVBitStreamFilter* filter) {
  AVBSFContext* context = nullptr;
  REEL_TRY(CheckAv(av_bsf_alloc(filter, &context), "allocate a filter"));
  return PacketFilter(context);
}

base::Result<Frame> CloneFrame(const AVFrame& frame) {
  return Owned<Frame>(av_frame_clone(&frame));
}

base::Result<Frame> MakeFrameWithPlanes(AVPixelFormat format, int width,
                                        int height) {
  REEL_ASSIGN(Frame frame, MakeFrame());
  frame->format = format;
  frame->width = width;
  frame->height = height;
  REEL_TRY(CheckAv(av_frame_get_buffer(frame.get(), 0), "allocate a frame"));
  return frame;
}

}  // namespace reel::media
