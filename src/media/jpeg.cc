#include "media/jpeg.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "media/encoder_session.h"
#include "media/handles.h"

namespace reel::media {
namespace {

using base::Code;
using base::Fail;
using base::Result;

constexpr int kMaxSide = 16384;
constexpr int kPlanes = 3;
constexpr uint8_t kBlackLuma = 16;
constexpr uint8_t kNeutralChroma = 128;

// Where one plane lies in a still picture's samples.
struct PlaneView {
  size_t offset;
  size_t width;
  size_t height;
};

PlaneView PlaneOf(const StillPicture& picture, int plane) {
  const auto width = static_cast<size_t>(picture.width);
  const auto height = static_cast<size_t>(picture.height);
  if (plane == 0) return {0, width, height};
  const size_t chroma = width / 2 * (height / 2);
  return {width * height + (plane == 2 ? chroma : 0), width / 2, height / 2};
}

// The marker that makes a JPEG a JFIF file, version 1.1, square pixels (ITU-T
// T.871, 10.1). A bit-exact libavcodec leaves it out.
constexpr std::array<uint8_t, 18> kJfifMarker{
    0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};

// JFIF's samples span 0..255, ours 16..235 (luma) and 16..240 (chroma).
using Levels = std::array<uint8_t, 256>;
Levels FullRange(int zero_in, int zero_out, int span) {
  Levels levels{};
  for (int i = 0; i < 256; ++i) {
    const int scaled = 510 * (i - zero_in);  // twice, to round to nearest
    const int rounded = (scaled + (scaled < 0 ? -span : span)) / (2 * span);
    levels[static_cast<size_t>(i)] =
        static_cast<uint8_t>(std::clamp(zero_out + rounded, 0, 255));
  }
  return levels;
}

Result<Frame> FullRangeFrame(const StillPicture& picture) {
  static const Levels kLuma = FullRange(16, 0, 219);
  static const Levels kChroma = FullRange(128, 128, 224);
  REEL_ASSIGN(Frame frame, MakeFrameWithPlanes(AV_PIX_FMT_YUV420P,
                                               picture.width, picture.height));
  frame->color_range = AVCOL_RANGE_JPEG;
  frame->pts = 0;
  for (int i = 0; i < kPlanes; ++i) {
    const PlaneView plane = PlaneOf(picture, i);
    const Levels& levels = i == 0 ? kLuma : kChroma;
    const uint8_t* row = picture.samples.data() + plane.offset;
    for (size_t y = 0; y < plane.height; ++y, row += plane.width) {
      std::transform(
          row, row + plane.width,
          frame->data[i] + static_cast<ptrdiff_t>(y) * frame->linesize[i],
          [&](uint8_t sample) { return levels[sample]; });
    }
  }
  return frame;
}

bool IsWhole(const StillPicture& picture) {
  const auto fits = [](int side) {
    return side >= 2 && side <= kMaxSide && side % 2 == 0;
  };
  return fits(picture.width) && fits(picture.height) &&
         picture.samples.size() == SampleCount(picture.width, picture.height);
}

}  // namespace

size_t SampleCount(int width, int height) {
  return static_cast<size_t>(width) * static_cast<size_t>(height) * 3 / 2;
}

StillPicture MakeBlackPicture(int width, int height) {
  StillPicture picture{width, height, {}};
  picture.samples.assign(SampleCount(width, height), kNeutralChroma);
  const auto luma = picture.samples.begin() +
                    static_cast<ptrdiff_t>(PlaneOf(picture, 1).offset);
  std::fill(picture.samples.begin(), luma, kBlackLuma);
  return picture;
}

void PastePicture(const StillPicture& tile, int left, int top,
                  StillPicture& sheet) {
  REEL_CHECK(left >= 0 && left % 2 == 0 && left + tile.width <= sheet.width);
  REEL_CHECK(top >= 0 && top % 2 == 0 && top + tile.height <= sheet.height);
  for (int i = 0; i < kPlanes; ++i) {
    const PlaneView from = PlaneOf(tile, i);
    const PlaneView to = PlaneOf(sheet, i);
    const size_t x =
        static_cast<size_t>(left) * to.width / PlaneOf(sheet, 0).width;
    const size_t y =
        static_cast<size_t>(top) * to.height / PlaneOf(sheet, 0).height;
    for (size_t row = 0; row < from.height; ++row) {
      std::copy_n(tile.samples.data() + from.offset + row * from.width,
                  from.width,
                  sheet.samples.data() + to.offset + (y + row) * to.width + x);
    }
  }
}

Result<std::vector<uint8_t>> EncodeJpeg(const StillPicture& picture,
                                        int quality) {
  if (!IsWhole(picture) || quality < 1 || quality > 31)
    return Fail(Code::kInvalidArgument, "JPEG: size or quality out of range");
  REEL_ASSIGN(EncoderSession session, EncoderSession::Create("mjpeg"));
  AVCodecContext& codec = session.codec();
  codec.width = picture.width;
  codec.height = picture.height;
  codec.pix_fmt = AV_PIX_FMT_YUV420P;
  codec.color_range = AVCOL_RANGE_JPEG;
  codec.time_base = {1, 1};
  // A session is bit-exact, so the file has no comment with a version in it.
  codec.flags &= ~AV_CODEC_FLAG_GLOBAL_HEADER;  // the tables go into the file
  codec.flags |= AV_CODEC_FLAG_QSCALE;
  codec.global_quality = quality * FF_QP2LAMBDA;
  REEL_TRY(session.Open({}));
  REEL_ASSIGN(Frame frame, FullRangeFrame(picture));
  frame->quality = codec.global_quality;
  REEL_ASSIGN(std::vector<CodedPacket> packets, session.Send(frame.get()));
  REEL_ASSIGN(std::vector<CodedPacket> rest, session.Send(nullptr));
  std::move(rest.begin(), rest.end(), std::back_inserter(packets));
  if (packets.size() != 1)
    return Fail(Code::kInternal, "JPEG: one picture gave no single packet");
  std::vector<uint8_t> jpeg = std::move(packets.front().bytes);
  constexpr ptrdiff_t kStartOfImage = 2;  // bytes of the marker before it
  jpeg.insert(jpeg.begin() + kStartOfImage, kJfifMarker.begin(),
              kJfifMarker.end());
  return jpeg;
}

}  // namespace reel::media
