#include "service/source_text.h"

#include <gtest/gtest.h>

namespace reel::service {
namespace {

TEST(DescribeTest, NamesWhatATrackIs) {
  model::VideoTrack video;
  video.codec = "h264";
  video.profile = "High";
  video.width = 1280;
  video.height = 720;
  video.pixel_format = "yuv420p";
  EXPECT_EQ(Describe(video), "h264 High, 1280 × 720, 8 bit, yuv420p");
  model::AudioTrack audio;
  audio.codec = "aac";
  audio.sample_rate_hz = 48000;
  audio.channels = 2;
  EXPECT_EQ(Describe(audio), "aac, 2 channels, 48000 Hz");
  audio.layout = "stereo";
  audio.language = "eng";
  EXPECT_EQ(Describe(audio), "aac, stereo, 48000 Hz, eng");
  EXPECT_EQ(Describe(model::Color{"bt709", "", "bt709", "tv"}),
            "bt709, bt709, tv");
}

TEST(DescribePlaceTest, TellsTimeFrameAndStream) {
  model::Finding finding;
  EXPECT_EQ(DescribePlace(finding), "");
  finding.start = 10.5;
  EXPECT_EQ(DescribePlace(finding), "10.5 s");
  finding.end = 10.75;
  finding.first_frame = 252;
  finding.stream = 0;
  EXPECT_EQ(DescribePlace(finding),
            "10.5 to 10.75 s, from frame 252, stream 0");
}

}  // namespace
}  // namespace reel::service
