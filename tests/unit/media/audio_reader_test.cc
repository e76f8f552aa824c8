#include "media/audio_reader.h"

#include <gtest/gtest.h>

#include "media/source_probe.h"
#include "testing/media_corpus.h"

namespace reel::media {
namespace {

using base::Code;

TEST(AudioReaderTest, ReadsEverySampleOfATrack) {
  REEL_SKIP_WITHOUT_CORPUS();
  const std::string path = testing::CorpusClip("defects/clean_sync.mp4");
  const auto source = ProbeSource(path).value();
  auto reader = AudioReader::Open(path, source.audio.at(0), 2).value();
  EXPECT_EQ(reader.track().sample_rate_hz, 48'000);
  int64_t samples = 0;
  for (auto block = reader.Next(); block && *block; block = reader.Next()) {
    // The clip's clock was rounded on the way.
    EXPECT_NEAR(static_cast<double>((*block)->pts),
                static_cast<double>(samples), 20);
    EXPECT_EQ((*block)->pcm.size(), 2u);
    samples += (*block)->samples();
  }
  EXPECT_EQ(samples, 288'768) << "priming cut, 282 AAC frames left";
  EXPECT_EQ(reader.damaged_packets(), 0);
}

TEST(AudioReaderTest, WhatIsNoSoundIsAnError) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto code = [](const char* clip, int index) {
    model::AudioTrack track;
    track.index = index;
    const auto reader = AudioReader::Open(testing::CorpusClip(clip), track, 2);
    return reader ? Code::kInternal : reader.error().code;
  };
  EXPECT_EQ(code("defects/clean_sync.mp4", 0), Code::kInvalidArgument);
  EXPECT_EQ(code("defects/clean_sync.mp4", 7), Code::kInvalidArgument);
  EXPECT_EQ(code("defects/text_renamed.mp4", 0), Code::kCorruptInput);
  EXPECT_EQ(code("defects/zero_bytes.mp4", 0), Code::kCorruptInput);
  EXPECT_EQ(code("defects/none.mp4", 0), Code::kNotFound);
}

}  // namespace
}  // namespace reel::media
