#include "service/finding_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

namespace reel::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum PictureRole;

// 100 frames, 25 a second.
std::vector<double> Starts() {
  std::vector<double> starts;
  for (int n = 0; n < 100; ++n) starts.push_back(n / 25.0);
  return starts;
}

model::Source SourceWithSound() {
  model::Source source;
  source.video.index = 0;
  source.audio.emplace_back().index = 1;
  return source;
}

model::Finding Finding(int stream, double start, double end, int64_t frame) {
  model::Finding finding;
  finding.severity = model::Severity::kWarn;
  finding.stream = stream;
  finding.start = start;
  finding.end = end;
  finding.first_frame = frame;
  return finding;
}

using Pick = std::tuple<size_t, int64_t, PictureRole>;
std::vector<Pick> Picks(const std::vector<model::Finding>& findings,
                        size_t most = 60) {
  std::vector<Pick> out;
  for (const FramePick& pick :
       PickFrames(SourceWithSound(), findings, Starts(), most).picks)
    out.emplace_back(pick.finding, pick.frame, pick.role);
  return out;
}

TEST(PickFramesTest, ASingleFrameIsShownBetweenItsNeighbours) {
  EXPECT_THAT(Picks({Finding(0, 1.2, 1.24, 30)}),
              ElementsAre(Pick(0, 29, kBefore), Pick(0, 30, kFirst),
                          Pick(0, 31, kAfter)));
}

TEST(PickFramesTest, AMomentIsThatOfItsFrame) {
  EXPECT_THAT(Picks({Finding(0, 1.21, 1.21, -1)}),
              ElementsAre(Pick(0, 29, kBefore), Pick(0, 30, kFirst),
                          Pick(0, 31, kAfter)));
}

TEST(PickFramesTest, NeighboursBeyondTheTitleAreLeftOut) {
  EXPECT_THAT(Picks({Finding(0, 0, 0.04, 0)}),
              ElementsAre(Pick(0, 0, kFirst), Pick(0, 1, kAfter)));
  EXPECT_THAT(Picks({Finding(0, 3.96, 9, 99), Finding(0, 70, 80, -1)}),
              ElementsAre(Pick(0, 98, kBefore), Pick(0, 99, kFirst),
                          Pick(1, 98, kBefore), Pick(1, 99, kFirst)));
}

TEST(PickFramesTest, ALongFindingIsShownThroughout) {
  EXPECT_THAT(Picks({Finding(0, 0.4, 2, 10)}),
              ElementsAre(Pick(0, 10, kFirst), Pick(0, 29, kMiddle),
                          Pick(0, 49, kLast)));
}

TEST(PickFramesTest, ALongFindingThatIsInfoHasOnePicture) {
  model::Finding info = Finding(0, 0.4, 2, 10);
  info.severity = model::Severity::kInfo;
  EXPECT_THAT(Picks({info}), ElementsAre(Pick(0, 10, kFirst)));
}

TEST(PickFramesTest, SoundHasOnePictureUnlessItIsAboutAllOfIt) {
  EXPECT_THAT(Picks({Finding(1, 2, 2.5, 50), Finding(1, 0, 3.98, 0)}),
              ElementsAre(Pick(0, 50, kFirst)));
}

TEST(PickFramesTest, WhatHasNoPlaceHasNoPicture) {
  EXPECT_THAT(Picks({Finding(-1, 0, 0, -1)}), IsEmpty());
  EXPECT_THAT(PickFrames({}, std::vector{Finding(0, 1, 2, 9)}, {}, 9).picks,
              IsEmpty());
}

TEST(PickFramesTest, FirstFramesGoFirstWhereThereAreTooMany) {
  const std::vector<model::Finding> findings = {Finding(0, 1.2, 1.24, 30),
                                                Finding(0, 2, 2.04, 50),
                                                Finding(0, 3, 3.04, 75)};
  EXPECT_THAT(Picks(findings, 4),
              ElementsAre(Pick(0, 29, kBefore), Pick(0, 30, kFirst),
                          Pick(1, 50, kFirst), Pick(2, 75, kFirst)));
  EXPECT_TRUE(PickFrames({}, findings, Starts(), 4).capped);
  EXPECT_FALSE(PickFrames({}, findings, Starts(), 9).capped);
}

}  // namespace
}  // namespace reel::service
