#include "inspect/measure_sound.h"

#include <gtest/gtest.h>

#include <fstream>

#include "media/source_probe.h"
#include "testing/media_corpus.h"
#include "testing/temp_dir.h"
#include "unit/inspect/made_up_sound.h"

namespace reel::inspect {
namespace {

void Put(std::ofstream& out, uint32_t value, int bytes) {
  for (int n = 0; n < bytes; ++n) out.put(static_cast<char>(value >> (8 * n)));
}

// 16-bit PCM.
void WriteWav(const std::string& path, const media::Pcm& pcm) {
  std::ofstream out(path, std::ios::binary);
  const auto channels = static_cast<uint32_t>(pcm.size());
  const auto bytes = static_cast<uint32_t>(2 * channels * pcm[0].size());
  out << "RIFF";
  Put(out, 36 + bytes, 4);
  out << "WAVEfmt ";
  Put(out, 16, 4);
  Put(out, 1, 2);
  Put(out, channels, 2);
  Put(out, kRate, 4);
  Put(out, kRate * channels * 2, 4);
  Put(out, channels * 2, 2);
  Put(out, 16, 2);
  out << "data";
  Put(out, bytes, 4);
  for (size_t n = 0; n < pcm[0].size(); ++n) {
    for (const auto& channel : pcm) {
      const double sample = std::clamp(channel[n] * 32768.0, -32768.0, 32767.0);
      Put(out, static_cast<uint16_t>(std::lround(sample)), 2);
    }
  }
}

TEST(MeasureSoundTest, AllMetersOfOneTrack) {
  const testing::TempDir directory;
  const std::string path = directory.path() + "/sound.wav";
  auto left = Noise(3.05, 0.1);
  Mute(left, 1.2, 1.6);
  WriteWav(path, {left, left});
  const auto source = media::ProbeSource(path).value();
  const auto facts = MeasureSound(path, source.audio.at(0), {}).value();
  EXPECT_EQ(facts.error, "");
  EXPECT_EQ(facts.channels, 2);
  EXPECT_EQ(facts.sample_rate_hz, kRate);
  EXPECT_EQ(facts.samples, 146'400);
  EXPECT_NEAR(facts.end - facts.start, 3.05, 1e-6);
  EXPECT_EQ(facts.coded_bytes, 4 * 146'400);
  EXPECT_NEAR(facts.tail_db, -20, 1);
  ASSERT_EQ(facts.silences.size(), 3u) << "of all, left and right";
  EXPECT_NEAR(facts.silences[0].start, 1.2, 0.006);
  EXPECT_NEAR(facts.silence_seconds, 0.4, 0.011);
  EXPECT_EQ(facts.clipping.ppm.size(), 4u);
  EXPECT_TRUE(facts.loudness.known);
  EXPECT_EQ(facts.loudness.momentary.size(), 31u);
  EXPECT_NEAR(facts.channel.at(1).loudest_db, -20, 2);

  const auto again = base::FromJson<SoundFacts>(base::Json(facts));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(base::Json(*again), base::Json(facts));
}

TEST(MeasureSoundTest, StopsWhenAsked) {
  REEL_SKIP_WITHOUT_CORPUS();
  const std::string path = testing::CorpusClip("defects/clean_sync.mp4");
  const auto source = media::ProbeSource(path).value();
  const auto facts = MeasureSound(path, source.audio.at(0),
                                  [](double seconds) { return seconds < 1; });
  EXPECT_EQ(facts.error().code, base::Code::kCancelled);
}

TEST(MeasureSoundTest, NoSoundInTheTrackIsAFact) {
  REEL_SKIP_WITHOUT_CORPUS();
  model::AudioTrack track;
  track.index = 1;
  const auto facts =
      MeasureSound(testing::CorpusClip("defects/text_renamed.mp4"), track, {});
  ASSERT_TRUE(facts.has_value());
  EXPECT_NE(facts->error, "");
  EXPECT_EQ(facts->samples, 0);
  EXPECT_EQ(MeasureSound("/nowhere.mp4", track, {}).error().code,
            base::Code::kNotFound);
}

}  // namespace
}  // namespace reel::inspect
