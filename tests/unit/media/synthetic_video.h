// Pictures that move, cut and make noise; encoders have to work on them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "media/handles.h"
#include "media/video_encoder.h"

namespace reel::media {

// A gradient that moves with `n`, another one every 20 pictures, with noise.
inline Picture MovingPicture(int width, int height, int n) {
  Frame frame = MakeFrameWithPlanes(AV_PIX_FMT_YUV420P, width, height).value();
  std::mt19937 rng(static_cast<unsigned>(n));
  const int scene = n / 20;
  for (int p = 0; p < 3; ++p) {
    const int shift = p == 0 ? 0 : 1;
    for (int y = 0; y < height >> shift; ++y) {
      for (int x = 0; x < width >> shift; ++x) {
        const int slope = scene % 2 == 0 ? x + 3 * n : 2 * y - 5 * n;
        frame->data[p][y * frame->linesize[p] + x] =
            static_cast<uint8_t>(30 + 40 * (scene % 3) + (slope & 127) / 2 +
                                 static_cast<int>(rng() % 8));
      }
    }
  }
  return Picture(std::move(frame));
}

inline VideoEncoderSettings SmallVideo() {
  return {.profile = "h264-high",
          .preset = "veryfast",
          .width = 128,
          .height = 72,
          .crf = 23,
          .maxrate_bps = 600'000,
          .buffer_bits = 800'000,
          .initial_buffer_percent = 90,
          .timescale_hz = 24'000,
          .frame_rate = {24'000, 1001},
          .color = {"bt709", "bt709", "bt709", "tv"}};
}

// Encodes one picture per entry of `starts` but the last: pictures `first` and
// on, key frames where `key_frames` says.
inline std::vector<CodedPacket> EncodeAll(VideoEncoder& encoder, int first,
                                          std::span<const int64_t> starts,
                                          std::span<const int> key_frames) {
  std::vector<CodedPacket> packets;
  const auto keep = [&](base::Result<std::vector<CodedPacket>> ready) {
    ASSERT_TRUE(ready.has_value()) << ready.error().message;
    std::move(ready->begin(), ready->end(), std::back_inserter(packets));
  };
  const auto& [width, height] =
      std::pair(encoder.settings().width, encoder.settings().height);
  for (int i = 0; i + 1 < static_cast<int>(starts.size()); ++i) {
    const bool key =
        std::find(key_frames.begin(), key_frames.end(), i) != key_frames.end();
    keep(encoder.Send(
        MovingPicture(width, height, first + i), starts[static_cast<size_t>(i)],
        key ? VideoEncoder::FrameKind::kKey : VideoEncoder::FrameKind::kAny));
  }
  keep(encoder.Finish());
  return packets;
}

// `frames` + 1 times, `ticks` apart.
inline std::vector<int64_t> Grid(int64_t first, int frames, int64_t ticks) {
  std::vector<int64_t> starts;
  for (int i = 0; i <= frames; ++i) starts.push_back(first + i * ticks);
  return starts;
}

}  // namespace reel::media
