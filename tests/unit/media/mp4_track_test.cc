#include "media/mp4_track.h"

#include <gtest/gtest.h>

#include <random>

#include "testing/mp4_builder.h"

namespace reel::media {
namespace {

using base::Code;
using testing::Bytes;
using testing::MakeBox;
using testing::MakeFullBox;
using testing::MakeInit;
using testing::operator+;
using testing::U32;
using testing::U64;

Bytes TwoSampleMoof() {
  return testing::MakeMoof({.sequence_number = 7,
                            .decode_ticks = int64_t{1} << 33,
                            .samples = {{100, 2, true, 0}, {50, 3, false, -1}}},
                           200);
}

TrackHeader PictureTrack() { return *ParseTrackHeader(MakeInit({})); }

TEST(TrackHeaderTest, ReadsAPictureTrack) {
  const auto track = ParseTrackHeader(MakeInit({}));
  ASSERT_TRUE(track) << track.error().message;
  EXPECT_EQ(track->track_id, 1u);
  EXPECT_EQ(track->timescale_hz, 24);
  EXPECT_EQ(track->sample_entry, "avc1");
  EXPECT_EQ(track->codecs, "avc1.64001f");
  EXPECT_EQ(track->profile, "High");
  EXPECT_EQ(track->width, 640);
  EXPECT_EQ(track->height, 360);
  EXPECT_EQ(track->config, testing::HighAvcC());
  EXPECT_EQ(track->edit_start_ticks, 0);
}

TEST(TrackHeaderTest, TellsConstrainedBaselineByItsFlag) {
  testing::InitOptions options;
  options.sample_entry =
      testing::PictureEntry(320, 240, {1, 66, 0xC0, 13, 0xFF, 0xE0, 0});
  const auto track = ParseTrackHeader(MakeInit(options));
  ASSERT_TRUE(track);
  EXPECT_EQ(track->codecs, "avc1.42c00d");
  EXPECT_EQ(track->profile, "Constrained Baseline");
}

TEST(TrackHeaderTest, ReadsASoundTrackAndItsPriming) {
  const auto track =
      ParseTrackHeader(MakeInit({.timescale_hz = 48000,
                                 .sample_entry = testing::SoundEntry(2, 48000),
                                 .edit_start_ticks = 1024}));
  ASSERT_TRUE(track) << track.error().message;
  EXPECT_EQ(track->codecs, "mp4a.40.2");
  EXPECT_EQ(track->config, (Bytes{0x11, 0x90}));
  EXPECT_EQ(track->channels, 2);
  EXPECT_EQ(track->sample_rate_hz, 48000);
  EXPECT_EQ(track->edit_start_ticks, 1024);
}

TEST(TrackHeaderTest, RefusesSeveralTracks) {
  const Bytes trak = testing::MakeTrak({});
  const auto track = ParseTrackHeader(MakeBox("moov", trak + trak));
  ASSERT_FALSE(track);
  EXPECT_EQ(track.error().code, Code::kUnsupported);
}

TEST(TrackHeaderTest, RefusesOtherCodecs) {
  testing::InitOptions options;
  options.sample_entry = MakeBox("vp09", Bytes(100));
  EXPECT_EQ(ParseTrackHeader(MakeInit(options)).error().code,
            Code::kUnsupported);
}

TEST(TrackHeaderTest, RefusesAZeroTimescale) {
  EXPECT_EQ(ParseTrackHeader(MakeInit({.timescale_hz = 0})).error().code,
            Code::kCorruptInput);
}

TEST(FragmentTest, ReadsTimesAndSamples) {
  const auto fragment = ParseFragment(TwoSampleMoof(), PictureTrack());
  ASSERT_TRUE(fragment) << fragment.error().message;
  EXPECT_EQ(fragment->sequence_number, 7);
  EXPECT_EQ(fragment->decode_ticks, int64_t{1} << 33);
  EXPECT_EQ(fragment->data_offset, 200);
  ASSERT_EQ(fragment->samples.size(), 2u);
  EXPECT_EQ(fragment->samples[0].bytes, 100);
  EXPECT_TRUE(fragment->samples[0].sync);
  EXPECT_EQ(fragment->samples[1].duration_ticks, 3);
  EXPECT_EQ(fragment->samples[1].composition_ticks, -1);
  EXPECT_FALSE(fragment->samples[1].sync);
}

// A moof of one track whose header boxes are as given.
Bytes Moof(const Bytes& tfhd, const Bytes& tfdt, const Bytes& trun) {
  return MakeBox("moof", MakeFullBox("mfhd", 0, 0, U32(1)) +
                             MakeBox("traf", tfhd + tfdt + trun));
}
const Bytes kTfhd = MakeFullBox("tfhd", 0, 0x20000, U32(1));
const Bytes kTfdt = MakeFullBox("tfdt", 0, 0, U32(9));

TEST(FragmentTest, FallsBackOnDefaults) {
  const Bytes tfhd =
      MakeFullBox("tfhd", 0, 0x20038, U32(1) + U32(5) + U32(60) + U32(0x10000));
  const Bytes trun = MakeFullBox("trun", 0, 0x4, U32(2) + U32(0x2000000));
  const auto fragment = ParseFragment(Moof(tfhd, kTfdt, trun), PictureTrack());
  ASSERT_TRUE(fragment) << fragment.error().message;
  EXPECT_EQ(fragment->decode_ticks, 9);
  ASSERT_EQ(fragment->samples.size(), 2u);
  EXPECT_EQ(fragment->samples[1].bytes, 60);
  EXPECT_EQ(fragment->samples[1].duration_ticks, 5);
  EXPECT_TRUE(fragment->samples[0].sync);
  EXPECT_FALSE(fragment->samples[1].sync);
}

struct HostileMoof {
  std::string name;
  Bytes moof;
  Code code;
};

TEST(FragmentTest, RefusesHostileBoxes) {
  const Bytes trun = MakeFullBox("trun", 0, 0x200, U32(1) + U32(60));
  const std::vector<HostileMoof> cases{
      {"count without bytes",
       Moof(kTfhd, kTfdt, MakeFullBox("trun", 0, 0, U32(-1))),
       Code::kCorruptInput},
      {"count beyond the box",
       Moof(kTfhd, kTfdt, MakeFullBox("trun", 0, 0x200, U32(1000) + U32(1))),
       Code::kCorruptInput},
      {"no samples", Moof(kTfhd, kTfdt, MakeFullBox("trun", 0, 0, U32(0))),
       Code::kCorruptInput},
      {"negative time", Moof(kTfhd, MakeFullBox("tfdt", 1, 0, U64(-5)), trun),
       Code::kCorruptInput},
      {"time that would overflow",
       Moof(kTfhd, MakeFullBox("tfdt", 1, 0, U64(INT64_MAX)), trun),
       Code::kCorruptInput},
      {"another track",
       Moof(MakeFullBox("tfhd", 0, 0x20000, U32(2)), kTfdt, trun),
       Code::kCorruptInput},
      {"absolute offset",
       Moof(MakeFullBox("tfhd", 0, 1, U32(1) + U64(0)), kTfdt, trun),
       Code::kUnsupported},
      {"two runs", Moof(kTfhd, kTfdt, trun + trun), Code::kUnsupported},
      {"no time", Moof(kTfhd, {}, trun), Code::kCorruptInput}};
  for (const HostileMoof& c : cases) {
    const auto fragment = ParseFragment(c.moof, PictureTrack());
    ASSERT_FALSE(fragment) << c.name;
    EXPECT_EQ(fragment.error().code, c.code) << c.name;
  }
}

TEST(HostileTest, EveryTruncationIsAnError) {
  const Bytes init = MakeInit({.edit_start_ticks = 3});
  for (size_t n = 0; n < init.size(); ++n)
    EXPECT_FALSE(ParseTrackHeader(std::span(init).first(n))) << n;
  const Bytes moof = TwoSampleMoof();
  const TrackHeader track = PictureTrack();
  for (size_t n = 0; n < moof.size(); ++n)
    EXPECT_FALSE(ParseFragment(std::span(moof).first(n), track)) << n;
}

// Any answer will do, as long as there is one.
TEST(HostileTest, SurvivesFlippedBytes) {
  std::mt19937 rng(4711);
  const TrackHeader track = PictureTrack();
  for (int round = 0; round < 20000; ++round) {
    Bytes bytes =
        round % 2 ? TwoSampleMoof() : MakeInit({.edit_start_ticks = 3});
    for (unsigned flips = 1 + rng() % 4; flips > 0; --flips)
      bytes[rng() % bytes.size()] = static_cast<uint8_t>(rng());
    (void)ParseTrackHeader(bytes);
    (void)ParseFragment(bytes, track);
  }
}

}  // namespace
}  // namespace reel::media
