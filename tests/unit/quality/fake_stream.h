// Streams of pictures made on the spot.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "media/handles.h"
#include "quality/picture_stream.h"

namespace reel::quality {

// A moving texture; the first sample tells `content`, 0..96, for sure.
inline media::Picture ContentPicture(int width, int height, int64_t content) {
  media::Frame frame =
      media::MakeFrameWithPlanes(AV_PIX_FMT_GRAY8, width, height).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      frame->data[0][y * frame->linesize[0] + x] =
          static_cast<uint8_t>(60 + (x * 7 + y * 13 + content * 5) % 97);
  return media::Picture(std::move(frame));
}

inline int64_t ContentOf(const media::Picture& picture) {
  for (int64_t n = 0; n < 97; ++n)
    if (picture.plane(0).data[0] == 60 + n * 5 % 97) return n;
  return -1;
}

// `frames` pictures at 25 frames a second, the first of which shows content
// number `content`.
class FakeStream : public PictureStream {
 public:
  FakeStream(std::string name, int64_t frames, int64_t content = 0,
             int width = 64, int height = 48)
      : facts_{.name = std::move(name),
               .frame_rate = {25, 1},
               .clock_tick = {}},
        frames_(frames),
        content_(content),
        width_(width),
        height_(height) {}

  const StreamFacts& facts() const override { return facts_; }
  base::Result<std::optional<TimedPicture>> Next() override {
    if (next_ == fails_at) return base::Fail(base::Code::kIo, facts_.name);
    if (next_ == frames_) return std::nullopt;
    const std::chrono::milliseconds time(40 * (next_ + (next_ >= late_from)));
    const int64_t n = content_ + next_++;
    const int width = n >= grows_at ? width_ + 2 : width_;
    return TimedPicture{ContentPicture(width, height_, n), time};
  }

  // Numbers of frames: what goes wrong from there on.
  int64_t fails_at = -1;
  int64_t late_from = std::numeric_limits<int64_t>::max();
  int64_t grows_at = std::numeric_limits<int64_t>::max();

 private:
  StreamFacts facts_;
  int64_t frames_;
  int64_t content_;
  int width_, height_;
  int64_t next_ = 0;
};

}  // namespace reel::quality
