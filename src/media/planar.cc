#include "media/planar.h"

#include <string>
#include <utility>

#include "media/av_error.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reel::media {
namespace {

// The format with the same planes, one of which may be dropped.
AVPixelFormat SamePlanes(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVA420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVA422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVA444P:
      return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
      return AV_PIX_FMT_YUV411P;
    case AV_PIX_FMT_YUVA420P10:
      return AV_PIX_FMT_YUV420P10;
    case AV_PIX_FMT_YUVA422P10:
      return AV_PIX_FMT_YUV422P10;
    case AV_PIX_FMT_YUVA444P10:
      return AV_PIX_FMT_YUV444P10;
    case AV_PIX_FMT_YUVA422P12:
      return AV_PIX_FMT_YUV422P12;
    case AV_PIX_FMT_YUVA444P12:
      return AV_PIX_FMT_YUV444P12;
    default:
      return format;
  }
}

bool IsFullRangeName(AVPixelFormat format) {
  return std::string(av_get_pix_fmt_name(format)).starts_with("yuvj");
}

bool IsNativePlanar(const AVPixFmtDescriptor& format) {
  constexpr uint64_t kForeign =
      AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
      AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_FLOAT |
      AV_PIX_FMT_FLAG_BAYER;
  const bool big_endian = (format.flags & AV_PIX_FMT_FLAG_BE) != 0;
  const int depth = format.comp[0].depth;
  if ((format.flags & kForeign) != 0 || big_endian || depth < 8) return false;
  for (int i = 0; i < format.nb_components; ++i) {
    // One component per plane, its value in the low bits.
    if (format.comp[i].plane != i || format.comp[i].shift != 0) return false;
  }
  return format.nb_components == 1 || format.nb_components == 3;
}

AVPixelFormat NearestPlanar(const AVPixFmtDescriptor& format) {
  const bool deep = format.comp[0].depth > 8;
  if (format.nb_components < 3 && (format.flags & AV_PIX_FMT_FLAG_PAL) == 0)
    return deep ? AV_PIX_FMT_GRAY10 : AV_PIX_FMT_GRAY8;
  if (format.log2_chroma_w == 0)
    return deep ? AV_PIX_FMT_YUV444P10 : AV_PIX_FMT_YUV444P;
  if (format.log2_chroma_h == 0)
    return deep ? AV_PIX_FMT_YUV422P10 : AV_PIX_FMT_YUV422P;
  return deep ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
}

void SetColors(SwsContext* context, AVPixelFormat from) {
  // RGB is full range; a packed YUV format keeps its matrix, and its range
  // goes along unchanged.
  const int full = IsRgb(from) ? 1 : 0;
  const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
  sws_setColorspaceDetails(context, bt709, full, bt709, 0, 0, 1 << 16, 1 << 16);
}

}  // namespace

bool IsRgb(AVPixelFormat format) {
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(format);
  return d != nullptr &&
         (d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

int BitDepth(AVPixelFormat format) {
  return av_pix_fmt_desc_get(format)->comp[0].depth;
}

AVPixelFormat PlanarFormat(AVPixelFormat format) {
  const AVPixelFormat same = SamePlanes(format);
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(same);
  if (d == nullptr) return AV_PIX_FMT_YUV420P;
  return IsNativePlanar(*d) ? same : NearestPlanar(*d);
}

base::Result<Frame> PlanarConverter::Convert(Frame frame) {
  const auto from = static_cast<AVPixelFormat>(frame->format);
  const AVPixelFormat to = PlanarFormat(from);
  if (SamePlanes(from) == to) {
    frame->format = to;
    if (IsFullRangeName(from)) frame->color_range = AVCOL_RANGE_JPEG;
    return frame;
  }
  if (from != format_ || frame->width != width_ || frame->height != height_) {
    context_.reset(sws_getContext(
        frame->width, frame->height, from, frame->width, frame->height, to,
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INP,
        nullptr, nullptr, nullptr));
    format_ = from;
    width_ = frame->width;
    height_ = frame->height;
  }
  if (!context_)
    return base::Fail(base::Code::kUnsupported,
                      std::string("pixel format ") + av_get_pix_fmt_name(from));
  SetColors(context_.get(), from);
  REEL_ASSIGN(Frame out, MakeFrameWithPlanes(to, frame->width, frame->height));
  REEL_TRY(CheckAv(sws_scale(context_.get(), frame->data, frame->linesize, 0,
                             frame->height, out->data, out->linesize),
                   "convert a picture to planar YUV"));
  REEL_TRY(CheckAv(av_frame_copy_props(out.get(), frame.get()),
                   "copy a picture's properties"));
  if (IsRgb(from)) {
    out->colorspace = AVCOL_SPC_BT709;
    out->color_range = AVCOL_RANGE_MPEG;
  }
  return out;
}

}  // namespace reel::media
