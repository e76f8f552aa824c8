#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FileFacts ProResFile() {
  FileFacts facts = MadeUpFile();
  facts.spec = model::LoadDeliverySpec("prores-422-hq").value();
  model::VideoTrack& video = facts.source.video;
  video.codec = "prores";
  video.profile = "HQ";
  video.pixel_format = "yuv422p10le";
  video.bit_depth = 10;
  video.width = 1920;
  video.height = 1080;
  video.field_order = "progressive";
  facts.source.audio = {{.index = 1,
                         .codec = "pcm_s24le",
                         .sample_rate_hz = 48'000,
                         .channels = 2,
                         .layout = "stereo",
                         .language = ""}};
  return facts;
}

TEST(ProfileOutOfSpecTest, WhatKeepsItIsNoFinding) {
  EXPECT_THAT(ProfileOutOfSpec(ProResFile()), IsEmpty());
  FileFacts none = MadeUpFile();
  EXPECT_THAT(ProfileOutOfSpec(none), IsEmpty());  // no specification
}

TEST(ProfileOutOfSpecTest, EveryDifferenceIsTold) {
  FileFacts facts = ProResFile();
  facts.source.container = "matroska,webm";
  model::VideoTrack& video = facts.source.video;
  video.codec = "h264";
  video.profile = "High";
  video.pixel_format = "yuv420p";
  video.bit_depth = 8;
  video.width = 1440;
  video.frame_rate = {15, 1};
  video.field_order = "tt";
  facts.source.audio[0].codec = "aac";
  facts.source.audio[0].sample_rate_hz = 44'100;
  facts.source.audio[0].channels = 3;
  const auto found = ProfileOutOfSpec(facts);
  ASSERT_THAT(found, ElementsAre(Is("profile-out-of-spec", Severity::kReject)));
  EXPECT_EQ(found[0].evidence["differences"].size(), 11u);
  EXPECT_THAT(
      found[0].message,
      AllOf(HasSubstr("codec is h264, not prores"),
            HasSubstr("4:2:0, not 4:2:2"), HasSubstr("frame rate is 15"),
            HasSubstr("interlaced, not progressive")));
}

TEST(ProfileOutOfSpecTest, LimitsFromAbove) {
  FileFacts facts = ProResFile();
  facts.spec = model::LoadDeliverySpec("web-upload").value();
  facts.source.audio[0].codec = "aac";
  EXPECT_THAT(ProfileOutOfSpec(facts), IsEmpty());
  facts.source.video.width = 4096;
  facts.source.video.frame_rate = {120, 1};
  EXPECT_EQ(ProfileOutOfSpec(facts)[0].evidence["differences"].size(), 2u);
}

}  // namespace
}  // namespace reel::inspect
