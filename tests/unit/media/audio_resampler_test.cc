#include "media/audio_resampler.h"

#include <gtest/gtest.h>

#include "synthetic_sound.h"

namespace reel::media {
namespace {

Pcm Resample(const Pcm& pcm, int from_hz, int to_hz) {
  auto resampler = AudioResampler::Create(from_hz, to_hz, 1).value();
  Pcm out = resampler.Convert(pcm).value();
  const Pcm rest = resampler.Finish().value();
  out[0].insert(out[0].end(), rest[0].begin(), rest[0].end());
  return out;
}

// A late or early output would show as an error of 2 pi f t / 2 per t seconds.
TEST(AudioResamplerTest, SoundStaysWhereItIs) {
  for (const int from_hz : {8'000, 11'025, 16'000, 22'050, 32'000, 96'000}) {
    const Pcm out =
        Resample(Tone(1, 2L * from_hz, 300, from_hz), from_hz, 48'000);
    EXPECT_NEAR(static_cast<double>(out[0].size()), 96'000, 32) << from_hz;
    const Pcm want = Tone(1, 96'000, 300, 48'000);
    for (size_t i = 2'000; i < 94'000; ++i) {
      ASSERT_NEAR(out[0][i], want[0][i], 0.002) << from_hz << " at " << i;
    }
  }
}

TEST(AudioResamplerTest, EqualRatesChangeNothing) {
  const Pcm tone = Tone(1, 1000, 300, 48'000);
  EXPECT_EQ(Resample(tone, 48'000, 48'000), tone);
}

TEST(AudioResamplerTest, RefusesAbsurdRates) {
  EXPECT_EQ(AudioResampler::Create(0, 48'000, 2).error().code,
            base::Code::kInvalidArgument);
  EXPECT_EQ(AudioResampler::Create(48'000, 48'000, 99).error().code,
            base::Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::media
