#include "audio/audio.h"

#include <gtest/gtest.h>

#include <cmath>
#include <span>

#include "base/digest.h"
#include "base/file.h"
#include "media/audio_reader.h"
#include "media/source_probe.h"
#include "testing/media_corpus.h"
#include "testing/temp_dir.h"

namespace reel::audio {
namespace {

using base::Rational;

class AudioTest : public ::testing::Test {
 protected:
  // A request for the first sound track of a clip that starts at 0.
  static AudioRequest RequestFor(const std::string& clip,
                                 Rational duration = {6, 1}) {
    AudioRequest request;
    request.source_path = testing::CorpusClip(clip);
    const auto source = media::ProbeSource(request.source_path);
    EXPECT_TRUE(source.has_value()) << source.error().message;
    request.track = source->audio.at(0);
    request.title_duration = duration;
    request.segment_starts = {{0, 1}, {50, 24}, {79, 24}};
    return request;
  }

  EncodedAudio Encode(const AudioRequest& request) {
    auto encoded = EncodeAudio(request, fragments_);
    EXPECT_TRUE(encoded.has_value()) << encoded.error().message;
    return encoded ? *std::move(encoded) : EncodedAudio{};
  }

  // All that is heard, from time 0 on without a gap.
  std::vector<float> Decode(const EncodedAudio& audio) {
    auto reader = media::AudioReader::OpenFragments(audio.init, fragments_, 1);
    EXPECT_TRUE(reader.has_value()) << reader.error().message;
    std::vector<float> all;
    for (auto block = reader->Next(); block && *block; block = reader->Next()) {
      EXPECT_EQ((*block)->pts, static_cast<int64_t>(all.size()));
      const std::vector<float>& more = (*block)->pcm[0];
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }

  testing::TempDir dir_;
  std::string fragments_ = dir_.path() + "/fragments";
};

// Seconds at which sound sets in after a tenth of a second of quiet.
std::vector<double> Onsets(const std::vector<float>& samples, int rate_hz) {
  std::vector<double> onsets;
  int quiet = rate_hz;
  for (size_t i = 0; i < samples.size(); ++i) {
    const bool loud = std::abs(samples[i]) > 0.05F;
    if (loud && quiet > rate_hz / 10) {
      onsets.push_back(static_cast<double>(i) / rate_hz);
    }
    quiet = loud ? 0 : quiet + 1;
  }
  return onsets;
}

TEST_F(AudioTest, BeepsSoundWhereTheyBelong) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto audio = Encode(RequestFor("defects/clean_sync.mp4"));
  const auto onsets = Onsets(Decode(audio), audio.facts.sample_rate_hz);
  ASSERT_GE(onsets.size(), 5u);
  for (size_t i = 0; i < onsets.size(); ++i) {
    EXPECT_NEAR(onsets[i], static_cast<double>(i) + 1, 0.001);
  }
}

TEST_F(AudioTest, TimeZeroIsTheTitleStart) {
  REEL_SKIP_WITHOUT_CORPUS();
  AudioRequest request = RequestFor("defects/clean_sync.mp4", {4, 1});
  request.title_start = {1001, 2000};  // the first picture is shown then
  const auto early = Encode(request);
  EXPECT_NEAR(Onsets(Decode(early), 48'000).at(0), 0.4995, 0.001);
  request.title_start = {-1, 4};
  const auto late = Encode(request);
  EXPECT_EQ(late.repairs.silence_samples, 12'000);
  EXPECT_NEAR(Onsets(Decode(late), 48'000).at(0), 1.25, 0.001);
}

TEST_F(AudioTest, SegmentsTileTheTitleAndAreWhatIsWritten) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto audio = Encode(RequestFor("defects/clean_sync.mp4"));
  EXPECT_EQ(audio.facts.samples, 6 * 48'000);
  const auto bytes = base::ReadFile(fragments_).value();
  std::span<const uint8_t> rest = bytes;
  int64_t at = 0, frame = 0;
  for (const auto& segment : audio.facts.segments) {
    EXPECT_EQ(segment.start_ticks, at);
    EXPECT_EQ(segment.range.first_frame, frame);
    EXPECT_EQ(segment.sha256,
              base::Sha256(rest.first(static_cast<size_t>(segment.bytes))));
    rest = rest.subspan(static_cast<size_t>(segment.bytes));
    at += segment.duration_ticks;
    frame = segment.range.end_frame;
  }
  EXPECT_EQ(at, audio.facts.samples);
  EXPECT_TRUE(rest.empty());
}

TEST_F(AudioTest, EqualInputGivesEqualBytes) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto request = RequestFor("defects/clean_sync.mp4");
  const auto first = Encode(request);
  const auto bytes = base::ReadFile(fragments_).value();
  EXPECT_EQ(Encode(request).init, first.init);
  EXPECT_EQ(base::ReadFile(fragments_).value(), bytes);
}

TEST_F(AudioTest, EveryCodecAndLayoutEncodes) {
  REEL_SKIP_WITHOUT_CORPUS();
  for (const char* clip :
       {"originals/bbb_1080p60_5.1_2s.mp4",           // AAC 5.1
        "originals/albatross_mpeg4_960x400.avi",      // MP3
        "originals/bbb_mpeg2_1080p_two_programs.ts",  // MP2
        "originals/cg_game_320x240_12fps.mkv",        // Vorbis, 11025 Hz
        "originals/webcam_srt_1080x720.mkv",          // AC-3, mono
        "originals/audio_only_eac3_5.1.mp4",          // E-AC-3 5.1
        "originals/concert_dark_1080p50_pcm.mov"}) {  // PCM
    AudioRequest request = RequestFor(clip, {2002, 1000});
    request.segment_starts = {{0, 1}, {1, 1}};
    const auto audio = Encode(request);
    EXPECT_EQ(audio.facts.samples,
              std::lround(2.002 * audio.facts.sample_rate_hz))
        << clip;
  }
}

TEST_F(AudioTest, BadRequestsAreRefused) {
  REEL_SKIP_WITHOUT_CORPUS();
  const auto code = [&](const AudioRequest& request) {
    return EncodeAudio(request, fragments_).error().code;
  };
  AudioRequest request = RequestFor("defects/clean_sync.mp4");
  request.title_duration = {0, 1};
  EXPECT_EQ(code(request), base::Code::kInvalidArgument);
  request = RequestFor("defects/clean_sync.mp4");
  request.recipe.channels = 6;
  EXPECT_EQ(code(request), base::Code::kInvalidArgument);
  request = RequestFor("defects/clean_sync.mp4");
  request.track.index = 0;  // the picture
  EXPECT_EQ(code(request), base::Code::kInvalidArgument);
  request.source_path = "/nowhere.mp4";
  EXPECT_EQ(code(request), base::Code::kNotFound);
}

}  // namespace
}  // namespace reel::audio
