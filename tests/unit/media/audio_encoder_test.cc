#include "media/audio_encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "synthetic_sound.h"

namespace reel::media {
namespace {

constexpr AudioEncoderSettings kStereo{
    .rate_bps = 128'000, .sample_rate_hz = 48'000, .channels = 2};

// Encodes `samples` in pieces of `piece`.
std::vector<CodedPacket> Encode(int64_t samples, int64_t piece) {
  auto encoder = AudioEncoder::Open(kStereo).value();
  const Pcm tone = Tone(2, samples, 440, 48'000);
  std::vector<CodedPacket> packets;
  for (int64_t at = 0; at < samples; at += piece) {
    const int64_t end = std::min(at + piece, samples);
    Pcm part;
    for (const auto& channel : tone) {
      part.emplace_back(channel.begin() + at, channel.begin() + end);
    }
    auto ready = encoder.Send(part).value();
    std::move(ready.begin(), ready.end(), std::back_inserter(packets));
  }
  auto last = encoder.Finish().value();
  std::move(last.begin(), last.end(), std::back_inserter(packets));
  return packets;
}

TEST(AudioEncoderTest, PacketsCoverPrimingAndSound) {
  for (const int64_t samples : {1, 1023, 1024, 1025, 48'000}) {
    const auto packets = Encode(samples, 5000);
    ASSERT_EQ(static_cast<int64_t>(packets.size()), 1 + (samples + 1023) / 1024)
        << samples;
    for (size_t i = 0; i < packets.size(); ++i) {
      EXPECT_EQ(packets[i].pts, static_cast<int64_t>(i) * 1024 - 1024);
      EXPECT_TRUE(packets[i].key);
    }
  }
}

TEST(AudioEncoderTest, HowSoundIsCutUpMakesNoDifference) {
  const auto whole = Encode(20'000, 20'000), pieces = Encode(20'000, 777);
  ASSERT_EQ(whole.size(), pieces.size());
  for (size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(whole[i].bytes, pieces[i].bytes) << i;
  }
}

TEST(AudioEncoderTest, RefusesOddSettings) {
  AudioEncoderSettings settings = kStereo;
  settings.channels = 3;
  EXPECT_EQ(AudioEncoder::Open(settings).error().code,
            base::Code::kInvalidArgument);
  settings = kStereo;
  settings.sample_rate_hz = 12'345;
  EXPECT_EQ(AudioEncoder::Open(settings).error().code,
            base::Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::media
