#include "inspect/checks.h"

#include <gmock/gmock.h>

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

auto Found(const std::string& code, Severity severity) {
  return Is(code, severity);
}

auto Found(const std::string& code, Severity severity, double start, double end,
           int64_t first_frame) {
  return AllOf(Is(code, severity, start, end),
               Field("first_frame", &Finding::first_frame, first_frame));
}

Findings OfFile(const FileFacts& facts) {
  Findings all;
  for (const FileCheck check : FileChecks()) {
    for (auto& finding : check(facts)) all.push_back(std::move(finding));
  }
  return all;
}

Findings OfTitle(const MadeUpTitle& title) {
  Findings all;
  for (const TitleCheck check : TitleChecks()) {
    for (auto& finding : check(title.Facts()))
      all.push_back(std::move(finding));
  }
  return all;
}

Findings OfFrames(const MadeUpTitle& title, const std::string& name,
                  const std::vector<base::Json>& states) {
  for (const FrameCheck& check : FrameChecks()) {
    if (check.name == name) return *check.conclude(title.Facts(), states);
  }
  ADD_FAILURE() << name;
  return {};
}

FileFacts Refused(base::Code code) {
  FileFacts facts;
  facts.bytes = 1000;
  facts.probe_error = base::Error{code, "libav's words"};
  return facts;
}

TEST(FileChecksTest, ASoundFileGivesNothing) {
  EXPECT_THAT(OfFile(MadeUpFile()), IsEmpty());
}

TEST(FileChecksTest, NoBytes) {
  EXPECT_THAT(OfFile(FileFacts{}),
              ElementsAre(Found("empty-file", Severity::kReject)));
}

TEST(FileChecksTest, NoMedia) {
  EXPECT_THAT(OfFile(Refused(base::Code::kCorruptInput)),
              ElementsAre(Found("not-media", Severity::kReject)));
}

TEST(FileChecksTest, NoIndexAndCutShort) {
  FileFacts facts = Refused(base::Code::kCorruptInput);
  facts.boxes = {.is_iso = true, .has_media = true, .missing_bytes = 10};
  EXPECT_THAT(OfFile(facts),
              ElementsAre(Found("index-missing", Severity::kReject),
                          Found("container-truncated", Severity::kReject)));
}

TEST(FileChecksTest, NoDecoder) {
  EXPECT_THAT(OfFile(Refused(base::Code::kUnsupported)),
              ElementsAre(Found("codec-unsupported", Severity::kReject)));
}

TEST(FileChecksTest, CutShortSaysWhere) {
  FileFacts facts = MadeUpFile();
  facts.packets.truncated = true;
  facts.source.container_duration = {6, 1};
  EXPECT_THAT(
      OfFile(facts),
      ElementsAre(Found("container-truncated", Severity::kReject, 4, 6, -1),
                  Found("duration-mismatch", Severity::kWarn, 4, 6, -1)));
}

TEST(FileChecksTest, NoPictureTrack) {
  FileFacts facts = MadeUpFile();
  facts.source.video.index = -1;
  facts.packets.video.packets.clear();
  EXPECT_THAT(OfFile(facts), ElementsAre(Found("no-video", Severity::kReject)));
}

TEST(FileChecksTest, NoPacketInThePictureTrack) {
  FileFacts facts = MadeUpFile();
  facts.packets.video.packets.clear();
  EXPECT_THAT(OfFile(facts), ElementsAre(Found("no-video", Severity::kReject)));
}

TEST(FileChecksTest, OnePictureIsRejectedOnlyInAnImageFormat) {
  FileFacts facts = MadeUpFile();
  facts.source.container_duration = {0, 1};
  facts.packets.video = MadeUpPackets(1);
  EXPECT_THAT(OfFile(facts),
              ElementsAre(Found("still-image", Severity::kWarn)));
  facts.source.container = "jpeg_pipe";
  EXPECT_THAT(OfFile(facts),
              ElementsAre(Found("still-image", Severity::kReject)));
}

TEST(FileChecksTest, ASilentFilmIsPointedOut) {
  FileFacts facts = MadeUpFile();
  facts.source.audio.clear();
  EXPECT_THAT(OfFile(facts),
              ElementsAre(Found("audio-missing", Severity::kInfo)));
}

TEST(FileChecksTest, APictureIsNoFilm) {
  FileFacts facts;
  facts.bytes = 1000;
  facts.source.container = "jpeg_pipe";
  EXPECT_THAT(OfFile(facts),
              ElementsAre(Found("still-image", Severity::kReject)));
}

TEST(FileChecksTest, TwoFieldsPerFrame) {
  FileFacts facts = MadeUpFile();
  facts.source.video.field_order = "progressive";
  EXPECT_THAT(OfFile(facts), IsEmpty());
  facts.source.video.field_order = "tt";
  EXPECT_THAT(OfFile(facts), ElementsAre(Found("interlaced", Severity::kInfo)));
}

TEST(FileChecksTest, PacketsWithoutTimesAreFine) {
  FileFacts facts = MadeUpFile();
  for (auto& packet : facts.packets.video.packets) {
    packet.pts = packet.dts = model::kNoTime;
  }
  facts.packets.truncated = true;
  EXPECT_THAT(OfFile(facts),
              ElementsAre(Found("container-truncated", Severity::kReject)));
}

TEST(TitleChecksTest, ASoundTitleGivesNothing) {
  EXPECT_THAT(OfTitle(MadeUpTitle()), IsEmpty());
}

TEST(TitleChecksTest, ATitleOfOneFrameGivesNothing) {
  MadeUpTitle title;
  title.frames.resize(1);
  title.fingerprints.resize(1);
  EXPECT_THAT(OfTitle(title), IsEmpty());
}

TEST(TitleChecksTest, RefusedAndMarkedPacketsAreOneFault) {
  MadeUpTitle title;
  title.refused = {{50, "invalid"}, {53, "invalid"}};
  title.scan.packets.packets[52].corrupt = true;
  title.scan.packets.packets[53].corrupt = true;
  EXPECT_THAT(
      OfTitle(title),
      ElementsAre(Found("packets-corrupt", Severity::kReject, 2, 2.16, 50)));
}

TEST(TitleChecksTest, APacketThatGaveNoFrameIsPlacedByItsTime) {
  MadeUpTitle title;
  title.refused = {{50, "invalid"}};
  title.frames.erase(title.frames.begin() + 50);
  title.fingerprints.pop_back();
  EXPECT_THAT(
      OfTitle(title),
      ElementsAre(Found("packets-corrupt", Severity::kReject, 2, 2.04, 49),
                  Found("frame-dropped", Severity::kWarn, 2, 2.04, 50)));
}

TEST(TitleChecksTest, TimeThatRunsBackwardsIsRejected) {
  MadeUpTitle title;
  title.Delay(75, -1000);
  EXPECT_THAT(OfTitle(title), ElementsAre(Found("timestamps-non-monotonic",
                                                Severity::kReject, 3, 3, 75)));
}

TEST(TitleChecksTest, ATimeUsedTwiceIsWarnedOf) {
  MadeUpTitle title;
  title.frames[37].pts = title.frames[36].pts;
  EXPECT_THAT(OfTitle(title),
              ElementsAre(Found("timestamps-non-monotonic", Severity::kWarn),
                          Found("timestamps-irregular", Severity::kInfo)));
}

TEST(TitleChecksTest, MissingFramesAreWarnedOf) {
  MadeUpTitle title;
  title.Delay(45, 3 * 40);
  EXPECT_THAT(
      OfTitle(title),
      ElementsAre(Found("frame-dropped", Severity::kWarn, 1.8, 1.92, 45)));
}

TEST(TitleChecksTest, AWideGapIsRejected) {
  MadeUpTitle title;
  title.Delay(45, 7 * 40);
  EXPECT_THAT(
      OfTitle(title),
      ElementsAre(Found("frame-dropped", Severity::kReject, 1.8, 2.08, 45)));
}

TEST(TitleChecksTest, AHeldPictureAtAVariableRateIsWarnedOf) {
  MadeUpTitle title;
  for (size_t n = 8; n < 100; n += 8) title.Delay(n, 40);
  title.Delay(45, 400);
  EXPECT_THAT(OfTitle(title),
              ElementsAre(Found("frame-dropped", Severity::kWarn),
                          Found("frame-rate-variable", Severity::kInfo)));
}

TEST(TitleChecksTest, JitterIsWarnedOf) {
  MadeUpTitle title;
  for (size_t n = 0; n < 100; ++n) {
    title.frames[n].pts += static_cast<int64_t>(n % 3) * 12;
  }
  EXPECT_THAT(OfTitle(title),
              ElementsAre(Found("frame-rate-variable", Severity::kWarn)));
}

TEST(TitleChecksTest, ThreeRepeatedFramesAreWarnedOf) {
  MadeUpTitle title;
  title.fingerprints[40].change = 3;
  title.fingerprints[44].change = 0;
  EXPECT_THAT(
      OfTitle(title),
      ElementsAre(Found("frame-duplicated", Severity::kInfo, 1.6, 1.8, 40)));
  title.fingerprints[48].change = 0;
  EXPECT_THAT(
      OfTitle(title),
      ElementsAre(Found("frame-duplicated", Severity::kWarn, 1.6, 1.96, 40)));
}

TEST(TitleChecksTest, AConvertedFrameRateIsOnlyPointedOut) {
  MadeUpTitle title;
  for (const size_t n : {11u, 23u, 47u, 59u, 72u, 84u, 96u}) {
    title.fingerprints[n].change = 0;
  }
  EXPECT_THAT(OfTitle(title),
              ElementsAre(Found("frame-duplicated", Severity::kInfo)));
}

TEST(TitleChecksTest, AStandstillIsNoRepetition) {
  MadeUpTitle title;
  for (size_t n = 40; n < 60; ++n) title.fingerprints[n].change = 0;
  EXPECT_THAT(OfTitle(title), IsEmpty());
}

TEST(TitleChecksTest, AnimationOnTwosIsOnlyPointedOut) {
  MadeUpTitle title;
  for (size_t n = 0; n < 100; n += 2) title.fingerprints[n].change = 0;
  EXPECT_THAT(OfTitle(title),
              ElementsAre(Found("frame-duplicated", Severity::kInfo)));
}

TEST(FrameChecksTest, DamageGoesOnAcrossPieces) {
  EXPECT_THAT(
      OfFrames(MadeUpTitle(), "frame-damaged",
               {{48, 49, 50}, {50, 51}, base::Json::array()}),
      ElementsAre(Found("frame-damaged", Severity::kReject, 1.92, 2.08, 48)));
}

base::Json Size(int64_t packet, int width, int height) {
  return {{"packet", packet}, {"width", width}, {"height", height}};
}

TEST(FrameChecksTest, OneSizeInAllPiecesGivesNothing) {
  EXPECT_THAT(OfFrames(MadeUpTitle(), "resolution-changed",
                       {base::Json::array({Size(0, 640, 360)}),
                        base::Json::array({Size(50, 640, 360)})}),
              IsEmpty());
}

TEST(FrameChecksTest, AnotherSizeIsRejectedWhereItBegins) {
  EXPECT_THAT(
      OfFrames(MadeUpTitle(), "resolution-changed",
               {base::Json::array({Size(0, 640, 360), Size(50, 480, 270)}),
                base::Json::array({Size(50, 480, 270)})}),
      ElementsAre(Found("resolution-changed", Severity::kReject, 2, 2, 50)));
}

TEST(FrameChecksTest, AStateThatIsNoneIsAnError) {
  const MadeUpTitle title;
  const TitleFacts facts = title.Facts();
  for (const FrameCheck& check : FrameChecks()) {
    for (const base::Json& bad :
         {base::Json("x"), base::Json({{"a", 1}}), base::Json({1000, -1}),
          base::Json::array({Size(-7, 1, 1)})}) {
      EXPECT_FALSE(check.conclude(facts, std::span(&bad, 1)).has_value())
          << check.name << " " << bad;
    }
  }
}

}  // namespace
}  // namespace reel::inspect
