#include "media/audio_mixer.h"

#include <gtest/gtest.h>

#include <algorithm>

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace reel::media {
namespace {

// 64 samples, channel c at the level `levels[c]`.
Frame LevelFrame(uint64_t mask, const std::vector<float>& levels) {
  Frame frame = MakeFrame().value();
  frame->format = AV_SAMPLE_FMT_FLTP;
  frame->sample_rate = 48'000;
  frame->nb_samples = 64;
  av_channel_layout_from_mask(&frame->ch_layout, mask);
  EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
  for (size_t c = 0; c < levels.size(); ++c) {
    std::fill_n(reinterpret_cast<float*>(frame->extended_data[c]), 64,
                levels[c]);
  }
  return frame;
}

TEST(AudioMixerTest, StereoPassesUntouched) {
  AudioMixer mixer(2);
  const Pcm pcm =
      mixer.Mix(*LevelFrame(AV_CH_LAYOUT_STEREO, {0.25F, -1.5F})).value();
  ASSERT_EQ(pcm.size(), 2u);
  EXPECT_EQ(pcm[0], std::vector<float>(64, 0.25F));
  EXPECT_EQ(pcm[1], std::vector<float>(64, -1.5F));
}

TEST(AudioMixerTest, MonoKeepsItsLevelOnBothSides) {
  AudioMixer mixer(2);
  const Pcm pcm = mixer.Mix(*LevelFrame(AV_CH_LAYOUT_MONO, {0.5F})).value();
  EXPECT_EQ(pcm[0], std::vector<float>(64, 0.5F));
  EXPECT_EQ(pcm[1], pcm[0]);
}

TEST(AudioMixerTest, FullScaleInAllChannelsDoesNotClip) {
  AudioMixer mixer(2);
  const Pcm pcm =
      mixer.Mix(*LevelFrame(AV_CH_LAYOUT_5POINT1_BACK, {1, 1, 1, 1, 1, 1}))
          .value();
  EXPECT_NEAR(pcm[0][10], 1.0, 1e-5);
  EXPECT_NEAR(pcm[1][10], 1.0, 1e-5);
}

TEST(AudioMixerTest, CentreGoesToBothSidesAndLfeNowhere) {
  AudioMixer mixer(2);
  const auto level = [&](std::vector<float> levels, size_t side) {
    return mixer.Mix(*LevelFrame(AV_CH_LAYOUT_5POINT1_BACK, levels))
        .value()[side][10];
  };
  const float front = level({1, 0, 0, 0, 0, 0}, 0);
  EXPECT_NEAR(level({0, 0, 1, 0, 0, 0}, 0), front * 0.7071, 1e-4);
  EXPECT_NEAR(level({0, 0, 1, 0, 0, 0}, 1), front * 0.7071, 1e-4);
  EXPECT_EQ(level({0, 0, 0, 1, 0, 0}, 0), 0);
  EXPECT_NEAR(level({0, 0, 0, 0, 1, 0}, 0), front * 0.7071, 1e-4);
  EXPECT_EQ(level({0, 0, 0, 0, 1, 0}, 1), 0);
}

TEST(AudioMixerTest, NativeChannelsStayAsTheyAre) {
  AudioMixer mixer(kNativeChannels);
  const Pcm pcm = mixer
                      .Mix(*LevelFrame(AV_CH_LAYOUT_5POINT1_BACK,
                                       {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 1.5F}))
                      .value();
  ASSERT_EQ(pcm.size(), 6u);
  EXPECT_EQ(pcm[3][10], 0.4F) << "LFE";
  EXPECT_EQ(pcm[5][10], 1.5F);
  // What comes later is mixed to as many.
  const Pcm later =
      mixer.Mix(*LevelFrame(AV_CH_LAYOUT_STEREO, {0.25F, 0.5F})).value();
  ASSERT_EQ(later.size(), 6u);
  EXPECT_EQ(mixer.Mix(*LevelFrame(AV_CH_LAYOUT_MONO, {0.5F})).value().size(),
            6u);
}

TEST(AudioMixerTest, TheLayoutMayChangeOnTheWay) {
  AudioMixer mixer(2);
  for (const uint64_t mask :
       {AV_CH_LAYOUT_STEREO, AV_CH_LAYOUT_MONO, AV_CH_LAYOUT_QUAD}) {
    EXPECT_EQ(mixer.Mix(*LevelFrame(mask, {0.5F})).value()[1].size(), 64u);
  }
}

}  // namespace
}  // namespace reel::media
