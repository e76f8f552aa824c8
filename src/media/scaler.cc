#include "media/scaler.h"

#include <utility>

#include "media/av_error.h"
#include "media/handles.h"
#include "media/scale_context.h"

namespace reel::media {
namespace {

// What a scaling context was made for.
struct Shape {
  int width = 0;
  int height = 0;
  int format = AV_PIX_FMT_NONE;
  bool full_range = false;
  bool is_420 = true;
  AVChromaLocation siting = AVCHROMA_LOC_UNSPECIFIED;  // of 4:2:0
  friend bool operator==(const Shape&, const Shape&) = default;
};

Shape ShapeOf(const Picture& picture) {
  const AVFrame& frame = picture.frame();
  const bool is_420 = picture.chroma() == Chroma::k420;
  return {.width = frame.width,
          .height = frame.height,
          .format = frame.format,
          .full_range = picture.full_range(),
          .is_420 = is_420,
          .siting = is_420 ? frame.chroma_location : AVCHROMA_LOC_LEFT};
}

AVPixelFormat FormatOf(const ScaleTarget& target) {
  return target.bit_depth == 8 ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_YUV420P10;
}

// Where a chroma sample lies between the luma samples that it covers, in 1/256
// of a luma sample, as libswscale wants it.
struct Siting {
  int horizontal;
  int vertical;
};

Siting SitingOf(AVChromaLocation location) {
  switch (location) {
    case AVCHROMA_LOC_CENTER:
      return {128, 128};
    case AVCHROMA_LOC_TOPLEFT:
      return {0, 0};
    case AVCHROMA_LOC_TOP:
      return {128, 0};
    case AVCHROMA_LOC_BOTTOMLEFT:
      return {0, 256};
    case AVCHROMA_LOC_BOTTOM:
      return {128, 256};
    default:  // left, the default of ITU-T H.264 and H.265, E.2.1
      return {0, 128};
  }
}

base::Result<ScaleContext> MakeContext(const Shape& from,
                                       const ScaleTarget& to) {
  const Siting siting = SitingOf(from.siting);
  // Chroma of the other kinds lies on luma samples.
  const Siting from_siting = from.is_420 ? siting : Siting{0, 0};
  const ScaleOption options[] = {{"srcw", from.width},
                                 {"srch", from.height},
                                 {"src_format", from.format},
                                 {"dstw", to.width},
                                 {"dsth", to.height},
                                 {"dst_format", FormatOf(to)},
                                 {"src_range", from.full_range ? 1 : 0},
                                 {"dst_range", 0},
                                 // The chroma keeps its place.
                                 {"src_h_chr_pos", from_siting.horizontal},
                                 {"src_v_chr_pos", from_siting.vertical},
                                 {"dst_h_chr_pos", siting.horizontal},
                                 {"dst_v_chr_pos", siting.vertical}};
  REEL_ASSIGN(ScaleContext context, MakeScaleContext(options));
  // One matrix on both sides: samples stay in their colour space.
  const int* matrix = sws_getCoefficients(SWS_CS_DEFAULT);
  sws_setColorspaceDetails(context.get(), matrix, from.full_range ? 1 : 0,
                           matrix, 0, 0, 1 << 16, 1 << 16);
  return context;
}

base::Result<Frame> MakeTarget(const ScaleTarget& target, const AVFrame& from,
                               AVChromaLocation siting) {
  REEL_ASSIGN(Frame frame, MakeFrameWithPlanes(FormatOf(target), target.width,
                                               target.height));
  frame->pts = from.pts;
  frame->color_primaries = from.color_primaries;
  frame->color_trc = from.color_trc;
  frame->colorspace = from.colorspace;
  frame->color_range = AVCOL_RANGE_MPEG;
  frame->chroma_location = siting;
  return frame;
}

bool IsSide(int pixels) { return pixels >= 2 && pixels <= 16384; }

}  // namespace

struct Scaler::State {
  ScaleTarget target;
  Shape from = {};
  ScaleContext context = {};

  bool IsTarget(const Shape& shape) const {
    return shape.width == target.width && shape.height == target.height &&
           shape.format == FormatOf(target) && !shape.full_range;
  }
};

base::Result<Scaler> Scaler::Create(ScaleTarget target) {
  if (!IsSide(target.width) || !IsSide(target.height) ||
      target.width % 2 != 0 || target.height % 2 != 0)
    return base::Fail(base::Code::kInvalidArgument, "scale: bad target size");
  if (target.bit_depth != 8 && target.bit_depth != 10)
    return base::Fail(base::Code::kUnsupported, "scale: bad bit depth");
  return Scaler(std::make_unique<State>(State{.target = target}));
}

Scaler::Scaler(std::unique_ptr<State> state) : state_(std::move(state)) {}
Scaler::Scaler(Scaler&&) noexcept = default;
Scaler& Scaler::operator=(Scaler&&) noexcept = default;
Scaler::~Scaler() = default;

base::Result<Picture> Scaler::Scale(const Picture& picture) {
  const Shape shape = ShapeOf(picture);
  if (state_->IsTarget(shape)) return picture.Share();
  if (!state_->context || shape != state_->from) {
    REEL_ASSIGN(state_->context, MakeContext(shape, state_->target));
    state_->from = shape;
  }
  const AVFrame& from = picture.frame();
  REEL_ASSIGN(Frame to, MakeTarget(state_->target, from, shape.siting));
  REEL_TRY(CheckAv(sws_scale(state_->context.get(), from.data, from.linesize, 0,
                             from.height, to->data, to->linesize),
                   "scale a picture"));
  return Picture(std::move(to));
}

}  // namespace reel::media
