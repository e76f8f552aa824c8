// The checks of sound, on facts that were made up.
#include "inspect/sound_check.h"

#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/finding_matchers.h"
#include "unit/inspect/made_up_title.h"

namespace reel::inspect {
namespace {

using model::Finding;
using model::Severity;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

// On the sound's stream.
auto Found(const std::string& code, Severity severity) {
  return AllOf(Is(code, severity), Field("stream", &Finding::stream, 1));
}

auto Found(const std::string& code, Severity severity, double start,
           double end) {
  return AllOf(Found(code, severity), Is(code, severity, start, end),
               Field("first_frame", &Finding::first_frame,
                     static_cast<int64_t>(start * 25 + 1e-6)));
}

// Four seconds of stereo that nothing is wrong with.
SoundFacts MadeUpSoundFacts() {
  SoundFacts sound;
  sound.stream = 1;
  sound.codec = "aac";
  sound.sample_rate_hz = 48'000;
  sound.channels = 2;
  sound.layout = "stereo";
  sound.samples = 192'000;
  sound.end = 4;
  sound.channel = {{0.5, -20}, {0.5, -20}};
  sound.tail_db = -20;
  sound.clipping.ppm = {0, 0, 0, 0};
  sound.stereo = {40, 0, 100, 10, {}};
  return sound;
}

Findings Judge(const MadeUpTitle& title, const SoundFacts& sound,
               bool main = true) {
  const TitleFacts facts = title.Facts();
  const SoundLimits limits;
  Findings all;
  for (const SoundCheck check : SoundChecks()) {
    for (auto& finding : check({facts, sound, limits, main})) {
      all.push_back(std::move(finding));
    }
  }
  return all;
}

Findings Judge(const SoundFacts& sound) { return Judge(MadeUpTitle(), sound); }

TEST(SoundChecksTest, GoodSoundGivesNothing) {
  EXPECT_THAT(Judge(MadeUpSoundFacts()), IsEmpty());
}

TEST(SoundChecksTest, WhatCannotBeDecoded) {
  SoundFacts sound;
  sound.stream = 1;
  sound.error = "no decoder";
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-missing", Severity::kReject, 0, 4)));
  EXPECT_THAT(Judge(MadeUpTitle(), sound, /*main=*/false),
              ElementsAre(Found("audio-missing", Severity::kWarn)));
}

TEST(SoundChecksTest, RefusedPackets) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.damaged_packets = 2;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-damaged", Severity::kWarn)));
}

TEST(AudioShortTest, AMovingPictureWithoutSound) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.end = 3.5;
  EXPECT_THAT(Judge(sound), IsEmpty()) << "half a second is allowed";
  sound.end = 3;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-short", Severity::kReject, 3, 4)));
}

TEST(AudioShortTest, AHeldPictureNeedsNone) {
  MadeUpTitle title;
  for (size_t n = 76; n < 100; ++n) title.fingerprints[n].change = 5;
  SoundFacts sound = MadeUpSoundFacts();
  sound.end = 3;
  EXPECT_THAT(Judge(title, sound),
              ElementsAre(Found("audio-short", Severity::kWarn, 3, 4)));
}

TEST(AudioShortTest, SoundThatHasFadedOutMayEnd) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.end = 3;
  sound.tail_db = -80;
  EXPECT_THAT(Judge(sound), ElementsAre(Found("audio-short", Severity::kWarn)));
}

Silence Dropout(double start, double end) {
  return {start, end, -1, -20, -20, kSilenceDb, 0, 0};
}

TEST(AudioDropoutTest, ShortOnesAreWarnedOfLongOnesRejected) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.silences = {Dropout(1, 1.08)};
  sound.silence_seconds = 0.08;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-dropout", Severity::kWarn, 1, 1.08)));
  sound.silences = {Dropout(1, 1.4)};
  sound.silence_seconds = 0.4;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-dropout", Severity::kReject, 1, 1.4)));
}

TEST(AudioDropoutTest, WhatIsNone) {
  const auto with = [](auto change) {
    SoundFacts sound = MadeUpSoundFacts();
    Silence silence = Dropout(1, 1.4);
    sound.silence_seconds = 0.4;
    change(silence);
    sound.silences = {silence};
    return Judge(sound);
  };
  EXPECT_THAT(with([](Silence& s) { s.floor_db = -66; }), IsEmpty()) << "noise";
  EXPECT_THAT(with([](Silence& s) { s.fall_seconds = 0.08; }), IsEmpty());
  EXPECT_THAT(with([](Silence& s) { s.rise_seconds = 0.08; }), IsEmpty());
  EXPECT_THAT(with([](Silence& s) { s.before_db = -55; }), IsEmpty());
  EXPECT_THAT(with([](Silence& s) { s.after_db = -45; }), IsEmpty());
}

TEST(AudioDropoutTest, SilenceThatWasEditedOrIsUsualIsPointedOut) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.silences = {Dropout(1, 1.4)};
  sound.silence_seconds = 0.4;
  MadeUpTitle title;
  for (auto& print : title.fingerprints) print.change = 100;
  title.fingerprints[25].change = title.fingerprints[35].change = 8000;
  EXPECT_THAT(Judge(title, sound),
              ElementsAre(Found("audio-dropout", Severity::kInfo)));
  sound.silence_seconds = 1.5;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-dropout", Severity::kInfo)));
}

TEST(AudioDropoutTest, BesideABeepItIsAPause) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.silences = {Dropout(1.08, 1.4)};
  sound.silence_seconds = 0.32;
  sound.beeps = {{1, 0.08, 1000, -12}};
  EXPECT_THAT(Judge(sound), IsEmpty());
}

TEST(AudioDropoutTest, OneOfTwoAlikeChannels) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.silences = {Dropout(1, 1.4)};
  sound.silences[0].channel = 1;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-dropout", Severity::kWarn, 1, 1.4)));
  sound.stereo.side_energy = 90;
  EXPECT_THAT(Judge(sound), IsEmpty()) << "effects on one side";
}

TEST(AudioDropoutTest, HolesAmidSound) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.holes = {{2, 2.4, -20, -20}};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-dropout", Severity::kReject, 2, 2.4)));
  sound.holes = {{2, 2.4, -80, -20}};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-dropout", Severity::kInfo)));
  sound.holes = {{0.1, 0.4, -20, -20}};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-dropout", Severity::kInfo)));
}

TEST(AudioClippingTest, SecondsThatAreHeardAreWarnedOf) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.clipping.ppm = {0, 300, 0, 0};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-clipping", Severity::kInfo, 1, 2)));
  sound.clipping.ppm = {0, 30'000, 20'000, 0};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-clipping", Severity::kWarn, 1, 3)));
}

TEST(AudioClippingTest, SamplesBeyondFullScale) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.clipping.overs = 100;
  EXPECT_THAT(Judge(sound), IsEmpty());
  sound.clipping.overs = 400;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-clipping", Severity::kInfo, 0, 4)));
  sound.clipping.overs = 4000;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-clipping", Severity::kWarn, 0, 4)));
}

TEST(AudioClickTest, LoudOnesAreWarnedOf) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.click_count = 1;
  sound.clicks = {{1.6, 0, 300, -10}};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-click", Severity::kWarn, 1.6, 1.6)));
  sound.clicks = {{1.6, 0, 40, -10}};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-click", Severity::kInfo, 1.6, 1.6)));
}

TEST(AudioPhaseTest, MostOfTheTitleOrALongStretch) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.stereo = {40, 36, 1, 100, {}};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-phase", Severity::kWarn, 0, 4)));
  sound.stereo = {400, 60, 100, 100, {{10, 16, -1}, {20, 23, -1}}};
  EXPECT_THAT(Judge(sound), ElementsAre(Found("audio-phase", Severity::kWarn)));
  sound.stereo = {5, 5, 1, 100, {}};
  EXPECT_THAT(Judge(sound), IsEmpty()) << "half a second proves nothing";
}

TEST(AudioSilentChannelTest, OneOfTwo) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.channel[1] = {};
  sound.silent_channels = {{0, 4, 1}};
  EXPECT_THAT(Judge(sound), ElementsAre(Found("audio-silent-channel",
                                              Severity::kWarn, 0, 4)));
}

TEST(AudioSilentChannelTest, Surround) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.channels = 6;
  sound.channel.assign(6, {0.5, -20});
  sound.channel[3] = {};
  EXPECT_THAT(Judge(sound), IsEmpty()) << "LFE";
  sound.channel[4] = sound.channel[5] = {};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-silent-channel", Severity::kInfo),
                          Found("audio-silent-channel", Severity::kInfo)));
  sound.channel[4] = sound.channel[5] = {0.5, -20};
  sound.channel[1] = {};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-silent-channel", Severity::kWarn)));
}

TEST(AudioSilentChannelTest, TheWholeTrack) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.channel = {{}, {}};
  sound.stereo = {};
  sound.coded_bytes = 1000;
  EXPECT_THAT(Judge(sound), ElementsAre(Found("audio-silent-channel",
                                              Severity::kReject, 0, 4)));
  EXPECT_THAT(
      Judge(MadeUpTitle(), sound, /*main=*/false),
      ElementsAre(Found("audio-silent-channel", Severity::kWarn, 0, 4)));
  sound.coded_bytes = 64'000;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-silent-channel", Severity::kWarn)))
      << "a single take at a constant rate";
}

TEST(AudioSilentChannelTest, MidwayForLong) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.silent_channels = {{1, 12, 0}, {13, 16, 1}};
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("audio-silent-channel", Severity::kWarn)));
}

TEST(LoudnessTest, IsTold) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.loudness.known = true;
  sound.loudness.integrated_lufs = -23;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("loudness", Severity::kInfo, 0, 4)));
}

TEST(AvOffsetTest, ByTimeStamps) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.start = 0.03;
  EXPECT_THAT(Judge(sound), IsEmpty());
  sound.start = 0.06;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("av-offset", Severity::kWarn, 0, 0.06)));
  sound.start = 0.24;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("av-offset", Severity::kReject, 0, 0.24)));
  sound.start = -0.24;
  EXPECT_THAT(Judge(sound),
              ElementsAre(Found("av-offset", Severity::kReject, 0, 0.24)));
}

TEST(AvOffsetTest, ABroadcastThatWasCutBeginsWithSound) {
  MadeUpTitle title;
  title.scan.source.container = "mpegts";
  SoundFacts sound = MadeUpSoundFacts();
  sound.start = -0.5;
  EXPECT_THAT(Judge(title, sound),
              ElementsAre(Found("av-offset", Severity::kInfo)));
}

TEST(AvOffsetTest, ByOneFlashInAStillPicture) {
  MadeUpTitle title;
  for (size_t n = 0; n < 100; ++n) {
    title.fingerprints[n].mean = 16 * 256;
    if (n < 60) title.fingerprints[n].change = 0;
  }
  title.fingerprints[25].mean = 200 * 256;
  title.fingerprints[80].mean = 60 * 256;  // in the programme
  SoundFacts sound = MadeUpSoundFacts();
  sound.beeps = {{1.2, 0.04, 1000, -20}};
  EXPECT_THAT(Judge(title, sound),
              ElementsAre(Found("av-offset", Severity::kReject, 0, 4)));
  sound.beeps[0].start = 1.0;
  EXPECT_THAT(Judge(title, sound), IsEmpty());
}

// Flashes at 0.4, 1.2, 2.0 … s, beeps `delay` later.
struct Leader {
  MadeUpTitle title;
  SoundFacts sound = MadeUpSoundFacts();

  explicit Leader(double delay, double stretch = 1) {
    for (auto& print : title.fingerprints) print.mean = 40 * 256;
    for (size_t n = 10; n < 100; n += 20) {
      title.fingerprints[n].mean = 200 * 256;
      const double time = static_cast<double>(n) / 25;
      sound.beeps.push_back({time * stretch + delay, 0.04, 1000, -12});
    }
  }
};

TEST(AvOffsetTest, ByBeepsAgainstTheTimeStamps) {
  const auto judge = [](double delay, double start = 0) {
    Leader leader(delay);
    leader.sound.start = start;
    return Judge(leader.title, leader.sound);
  };
  EXPECT_THAT(judge(0.02), IsEmpty());
  EXPECT_THAT(judge(0, 0.3), IsEmpty()) << "the content is right";
  EXPECT_THAT(judge(0.08),
              ElementsAre(Found("av-offset", Severity::kWarn, 0, 4)));
  EXPECT_THAT(judge(-0.3),
              ElementsAre(Found("av-offset", Severity::kReject, 0, 4)));
}

TEST(AvDriftTest, ByBeeps) {
  Leader leader(0, 1.04);
  EXPECT_THAT(Judge(leader.title, leader.sound),
              ElementsAre(Found("av-drift", Severity::kReject, 0, 4)));
}

TEST(AvDriftTest, ByLengths) {
  MadeUpTitle title;
  for (auto& frame : title.frames) frame.pts *= 250;  // 1000 s
  SoundFacts sound = MadeUpSoundFacts();
  title.scan.source.video.frame_rate = {1, 10};
  sound.end = title.Facts().End() * 1.001;
  EXPECT_THAT(Judge(title, sound),
              ElementsAre(Found("av-drift", Severity::kWarn)));
  sound.end = title.Facts().End() * 1.002;
  EXPECT_THAT(Judge(title, sound), IsEmpty());
}

TEST(AvDriftTest, ByClock) {
  SoundFacts sound = MadeUpSoundFacts();
  sound.clock_drift_seconds = 0.2;
  EXPECT_THAT(Judge(sound), ElementsAre(Found("av-drift", Severity::kWarn)));
}

}  // namespace
}  // namespace reel::inspect
