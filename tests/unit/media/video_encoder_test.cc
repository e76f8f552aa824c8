#include "media/video_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "synthetic_video.h"

namespace reel::media {
namespace {

using base::Code;

std::vector<CodedPacket> Encode(const VideoEncoderSettings& settings,
                                std::vector<int> key_frames, int frames = 50) {
  auto encoder = VideoEncoder::Open(settings);
  EXPECT_TRUE(encoder.has_value()) << encoder.error().message;
  return EncodeAll(*encoder, 0, Grid(0, frames, 1001), key_frames);
}

std::vector<int64_t> KeyFrames(const std::vector<CodedPacket>& packets) {
  std::vector<int64_t> frames;
  for (const auto& p : packets) {
    if (p.key) frames.push_back(p.pts / 1001);
  }
  return frames;
}

class VideoEncoderProfileTest : public ::testing::TestWithParam<std::string> {
 protected:
  VideoEncoderSettings Settings() const {
    VideoEncoderSettings settings = SmallVideo();
    settings.profile = GetParam();
    return settings;
  }
};

// The pictures cut hard at 20 and 40, where x264 would like key frames.
TEST_P(VideoEncoderProfileTest, KeyFramesAreExactlyThoseAskedFor) {
  EXPECT_THAT(KeyFrames(Encode(Settings(), {0, 13, 14, 33})),
              testing::ElementsAre(0, 13, 14, 33));
  EXPECT_THAT(KeyFrames(Encode(Settings(), {0}, 400)), testing::ElementsAre(0))
      << "not even after x264's usual 250 frames";
}

TEST_P(VideoEncoderProfileTest, ParameterSetsDoNotDependOnTheChunk) {
  const std::vector<uint8_t> want =
      VideoEncoder::Open(Settings()).value().extradata();
  EXPECT_FALSE(want.empty());
  for (const int crf : {10, 23, 40}) {
    for (const int fill : {30, 90}) {
      VideoEncoderSettings settings = Settings();
      settings.crf = crf;
      settings.initial_buffer_percent = fill;
      auto encoder = VideoEncoder::Open(settings);
      ASSERT_TRUE(encoder.has_value()) << encoder.error().message;
      EXPECT_EQ(encoder->extradata(), want) << crf << " " << fill;
    }
  }
}

TEST_P(VideoEncoderProfileTest, PacketsHoldPicturesOnly) {
  for (const auto& packet : Encode(Settings(), {0, 25})) {
    const std::string_view bytes(
        reinterpret_cast<const char*>(packet.bytes.data()),
        packet.bytes.size());
    EXPECT_EQ(bytes.find("x264"), bytes.npos);
    EXPECT_TRUE(bytes.starts_with(std::string_view("\0\0\1", 3)) ||
                bytes.starts_with(std::string_view("\0\0\0\1", 4)));
  }
}

TEST_P(VideoEncoderProfileTest, EqualInputGivesEqualBytes) {
  const auto a = Encode(Settings(), {0, 20}), b = Encode(Settings(), {0, 20});
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].bytes, b[i].bytes) << i;
    EXPECT_EQ(a[i].pts, b[i].pts) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, VideoEncoderProfileTest,
                         testing::Values("h264-baseline", "h264-main",
                                         "h264-high"),
                         [](const auto& p) { return p.param.substr(5); });

TEST(VideoEncoderTest, KeepsIrregularTimes) {
  const std::vector<int64_t> starts = {7,      8,      1000,  1001,
                                       30'000, 30'500, 90'000};
  auto encoder = VideoEncoder::Open(SmallVideo());
  ASSERT_TRUE(encoder.has_value()) << encoder.error().message;
  std::vector<int64_t> times;
  for (const auto& p : EncodeAll(*encoder, 0, starts, std::vector<int>{0})) {
    times.push_back(p.pts);
  }
  std::sort(times.begin(), times.end());
  EXPECT_TRUE(
      std::equal(times.begin(), times.end(), starts.begin(), starts.end() - 1));
}

TEST(VideoEncoderTest, RefusesWhatItCannotEncode) {
  auto encoder = VideoEncoder::Open(SmallVideo());
  ASSERT_TRUE(encoder.has_value()) << encoder.error().message;
  const auto send = [&](int width, int64_t pts) {
    return encoder->Send(MovingPicture(width, 72, 0), pts,
                         VideoEncoder::FrameKind::kAny);
  };
  EXPECT_EQ(send(130, 0).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(send(128, 5).has_value());
  EXPECT_EQ(send(128, 5).error().code, Code::kInvalidArgument);
}

TEST(VideoEncoderTest, RefusedSettingsAreExplained) {
  VideoEncoderSettings settings = SmallVideo();
  settings.preset = "leisurely";
  const auto bad_preset = VideoEncoder::Open(settings);
  ASSERT_FALSE(bad_preset.has_value());
  EXPECT_EQ(bad_preset.error().code, Code::kInvalidArgument);
  EXPECT_THAT(bad_preset.error().message, testing::HasSubstr("leisurely"));
  settings = SmallVideo();
  settings.width = 127;
  EXPECT_EQ(VideoEncoder::Open(settings).error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::media
