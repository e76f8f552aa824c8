#include "media/luma_scaler.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "media/av_error.h"
#include "media/handles.h"
#include "media/scale_context.h"

namespace reel::media {
namespace {

constexpr int kLargestSide = 16384;

// AV_PIX_FMT_NONE for a depth that libav has no gray format of.
AVPixelFormat GrayFormat(int bit_depth) {
  switch (bit_depth) {
    case 8:
      return AV_PIX_FMT_GRAY8;
    case 9:
      return AV_PIX_FMT_GRAY9;
    case 10:
      return AV_PIX_FMT_GRAY10;
    case 12:
      return AV_PIX_FMT_GRAY12;
    case 14:
      return AV_PIX_FMT_GRAY14;
    case 16:
      return AV_PIX_FMT_GRAY16;
    default:
      return AV_PIX_FMT_NONE;
  }
}

bool SameSamples(const LumaFormat& a, const LumaFormat& b) {
  return a.bit_depth == b.bit_depth && a.full_range == b.full_range;
}

bool SameSize(const LumaFormat& a, const LumaFormat& b) {
  return a.width == b.width && a.height == b.height;
}

// The samples that stand for black and white (ITU-R BT.709 and BT.2100).
struct Levels {
  double black;
  double white;
  double largest;
};

Levels LevelsOf(const LumaFormat& format) {
  const double one = std::ldexp(1, format.bit_depth - 8);
  const double largest = std::ldexp(1, format.bit_depth) - 1;
  if (format.full_range) return {0, largest, largest};
  return {16 * one, 235 * one, largest};
}

// For every sample of `from`, the sample of `to` of the same brightness.
std::vector<uint16_t> MakeTable(const LumaFormat& from, const LumaFormat& to) {
  const Levels in = LevelsOf(from), out = LevelsOf(to);
  std::vector<uint16_t> table(size_t{1} << from.bit_depth);
  for (size_t i = 0; i < table.size(); ++i) {
    const double level =
        (static_cast<double>(i) - in.black) / (in.white - in.black);
    const double sample = out.black + level * (out.white - out.black);
    table[i] = static_cast<uint16_t>(
        std::clamp(std::floor(sample + 0.5), 0.0, out.largest));
  }
  return table;
}

template <typename From, typename To>
void Map(const Plane& from, const std::vector<uint16_t>& table, AVFrame& to) {
  const size_t last = table.size() - 1;
  for (int y = 0; y < from.height; ++y) {
    const auto* in =
        reinterpret_cast<const From*>(from.data + y * from.stride_bytes);
    auto* out = reinterpret_cast<To*>(to.data[0] + y * to.linesize[0]);
    // A file may hold samples beyond its depth.
    for (int x = 0; x < from.width; ++x)
      out[x] = static_cast<To>(table[std::min<size_t>(in[x], last)]);
  }
}

base::Result<Frame> MakeGray(const LumaFormat& format) {
  REEL_ASSIGN(Frame frame, MakeFrameWithPlanes(GrayFormat(format.bit_depth),
                                               format.width, format.height));
  frame->color_range = format.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  return frame;
}

// libswscale takes gray for full range on both sides: samples stay as they are
// but for the filter.
base::Result<ScaleContext> MakeContext(const LumaFormat& from,
                                       const LumaFormat& to) {
  const ScaleOption options[] = {{"srcw", from.width},
                                 {"srch", from.height},
                                 {"src_format", GrayFormat(from.bit_depth)},
                                 {"dstw", to.width},
                                 {"dsth", to.height},
                                 {"dst_format", GrayFormat(from.bit_depth)},
                                 {"src_range", 1},
                                 {"dst_range", 1}};
  return MakeScaleContext(options);
}

bool IsSide(int pixels) { return pixels >= 1 && pixels <= kLargestSide; }

}  // namespace

LumaFormat LumaFormatOf(const Picture& picture) {
  return {.width = picture.width(),
          .height = picture.height(),
          .bit_depth = picture.bit_depth(),
          .full_range = picture.full_range()};
}

struct LumaScaler::State {
  LumaFormat target;
  LumaFormat from = {};  // what the two below were made for
  ScaleContext context = {};
  std::vector<uint16_t> table = {};

  base::Status Prepare(const LumaFormat& format);
  base::Result<Picture> Resize(const Picture& picture) const;
  base::Result<Picture> Convert(const Picture& picture) const;
};

base::Status LumaScaler::State::Prepare(const LumaFormat& format) {
  if (format == from) return {};
  from = {};
  context.reset();
  table.clear();
  if (!SameSize(format, target)) {
    // What is deeper loses less by being filtered.
    LumaFormat deeper = format;
    deeper.bit_depth = std::max(format.bit_depth, target.bit_depth);
    REEL_ASSIGN(context, MakeContext(deeper, target));
  }
  if (!SameSamples(format, target)) table = MakeTable(format, target);
  from = format;
  return {};
}

base::Result<Picture> LumaScaler::State::Resize(const Picture& picture) const {
  LumaFormat format = LumaFormatOf(picture);
  format.width = target.width;
  format.height = target.height;
  REEL_ASSIGN(Frame to, MakeGray(format));
  const AVFrame& in = picture.frame();
  REEL_TRY(CheckAv(sws_scale(context.get(), in.data, in.linesize, 0, in.height,
                             to->data, to->linesize),
                   "scale a picture"));
  return Picture(std::move(to));
}

base::Result<Picture> LumaScaler::State::Convert(const Picture& picture) const {
  LumaFormat format = target;
  format.width = picture.width();
  format.height = picture.height();
  REEL_ASSIGN(Frame to, MakeGray(format));
  const bool wide_in = from.bit_depth > 8, wide_out = target.bit_depth > 8;
  const auto map =
      wide_in ? (wide_out ? &Map<uint16_t, uint16_t> : &Map<uint16_t, uint8_t>)
              : (wide_out ? &Map<uint8_t, uint16_t> : &Map<uint8_t, uint8_t>);
  map(picture.plane(0), table, *to);
  return Picture(std::move(to));
}

base::Result<LumaScaler> LumaScaler::Create(LumaFormat target) {
  if (!IsSide(target.width) || !IsSide(target.height) ||
      GrayFormat(target.bit_depth) == AV_PIX_FMT_NONE)
    return base::Fail(base::Code::kInvalidArgument,
                      "scale luma: bad size or bit depth");
  return LumaScaler(std::make_unique<State>(State{.target = target}));
}

LumaScaler::LumaScaler(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
LumaScaler::LumaScaler(LumaScaler&&) noexcept = default;
LumaScaler& LumaScaler::operator=(LumaScaler&&) noexcept = default;
LumaScaler::~LumaScaler() = default;

base::Result<Picture> LumaScaler::Scale(const Picture& picture) {
  const LumaFormat format = LumaFormatOf(picture);
  if (format == state_->target) return picture.Share();
  REEL_TRY(state_->Prepare(format));
  if (SameSamples(format, state_->target)) return state_->Resize(picture);
  if (SameSize(format, state_->target)) return state_->Convert(picture);
  if (format.bit_depth < state_->target.bit_depth) {
    REEL_ASSIGN(const Picture deep, state_->Convert(picture));
    return state_->Resize(deep);
  }
  REEL_ASSIGN(const Picture sized, state_->Resize(picture));
  return state_->Convert(sized);
}

}  // namespace reel::media
