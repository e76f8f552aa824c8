#include "media/picture.h"

#include "media/handles.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reel::media {
namespace {

const AVPixFmtDescriptor& Descriptor(const AVFrame& frame) {
  return *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
}

}  // namespace

void Picture::Free::operator()(AVFrame* frame) const noexcept {
  av_frame_free(&frame);
}

Picture::Picture(Handle frame) : frame_(std::move(frame)) {
  REEL_CHECK(frame_ && frame_->data[0] != nullptr);
}

base::Result<Picture> Picture::Share() const {
  REEL_ASSIGN(Frame clone, CloneFrame(*frame_));
  return Picture(std::move(clone));
}

int Picture::width() const { return frame_->width; }

int Picture::height() const { return frame_->height; }

int Picture::bit_depth() const { return Descriptor(*frame_).comp[0].depth; }

Chroma Picture::chroma() const {
  const AVPixFmtDescriptor& format = Descriptor(*frame_);
  if (format.nb_components < 3) return Chroma::kMono;
  switch (format.log2_chroma_w * 10 + format.log2_chroma_h) {
    case 0:
      return Chroma::k444;
    case 1:
      return Chroma::k440;
    case 10:
      return Chroma::k422;
    case 20:
      return Chroma::k411;
    case 22:
      return Chroma::k410;
    default:
      return Chroma::k420;
  }
}

bool Picture::full_range() const {
  return frame_->color_range == AVCOL_RANGE_JPEG;
}

int Picture::planes() const { return chroma() == Chroma::kMono ? 1 : 3; }

Plane Picture::plane(int index) const {
  const AVPixFmtDescriptor& format = Descriptor(*frame_);
  const int shift_x = index == 0 ? 0 : format.log2_chroma_w;
  const int shift_y = index == 0 ? 0 : format.log2_chroma_h;
  return {.data = frame_->data[index],
          .stride_bytes = frame_->linesize[index],
          .width = AV_CEIL_RSHIFT(frame_->width, shift_x),
          .height = AV_CEIL_RSHIFT(frame_->height, shift_y),
          .bytes_per_sample = format.comp[0].depth > 8 ? 2 : 1};
}

}  // namespace reel::media
