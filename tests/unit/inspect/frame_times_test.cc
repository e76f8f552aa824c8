#include "inspect/frame_times.h"

#include <gmock/gmock.h>

#include <vector>

namespace reel::inspect {
namespace {

using model::kNoTime;
using ::testing::ElementsAre;

constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

// A track of 25 frames per second with a millisecond clock.
model::VideoTrack Track() {
  model::VideoTrack track;
  track.time_base = {1, 1000};
  track.frame_rate = {25, 1};
  return track;
}

// Packets in file order with the given decode times and no others.
model::PacketIndex Decoded(const std::vector<int64_t>& dts) {
  model::PacketIndex index;
  for (const int64_t time : dts) {
    model::Packet packet;
    packet.dts = time;
    index.packets.push_back(packet);
  }
  return index;
}

model::FrameTable Shown(const std::vector<int64_t>& pts) {
  model::FrameTable frames;
  for (const int64_t time : pts) frames.push_back({std::ssize(frames), time});
  return frames;
}

std::vector<int64_t> Filled(
    const std::vector<int64_t>& pts,
    const std::vector<int64_t>& dts = std::vector<int64_t>(16, kNoTime)) {
  model::FrameTable frames = Shown(pts);
  FillTimes(frames, Decoded(dts), Track());
  std::vector<int64_t> times;
  for (const auto& frame : frames) times.push_back(frame.pts);
  return times;
}

TEST(FillTimesTest, KeepsWhatIsKnown) {
  EXPECT_THAT(Filled({7, 5, 900}), ElementsAre(7, 5, 900));
}

TEST(FillTimesTest, PlacesUnknownOnesEvenlyBetweenNeighbours) {
  EXPECT_THAT(Filled({0, kNoTime, kNoTime, 100}), ElementsAre(0, 33, 66, 100));
}

TEST(FillTimesTest, ContinuesAtBothEnds) {
  EXPECT_THAT(Filled({kNoTime, kNoTime, 100, 140, kNoTime}),
              ElementsAre(20, 60, 100, 140, 180));
}

TEST(FillTimesTest, TakesDecodeTimesInOrder) {
  model::FrameTable frames = {{0, kNoTime}, {2, kNoTime}, {1, kNoTime}};
  FillTimes(frames, Decoded({0, 40, 80}), Track());
  EXPECT_EQ(frames[1].pts, 40);
  EXPECT_EQ(frames[2].pts, 80);
}

TEST(FillTimesTest, FallsBackOnTheNominalRate) {
  EXPECT_THAT(Filled({kNoTime, kNoTime, kNoTime}, {0, kNoTime, 80}),
              ElementsAre(0, 40, 80));
}

TEST(FillTimesTest, NoFramesAreFine) { EXPECT_TRUE(Filled({}).empty()); }

TEST(TypicalFrameTicksTest, IsTheMedianOfStepsForward) {
  EXPECT_EQ(TypicalFrameTicks(Shown({0, 40, 80, 20, 60, 1000}), Track()), 40);
}

TEST(TypicalFrameTicksTest, FallsBackOnTheNominalRateAndThenOn25) {
  EXPECT_EQ(TypicalFrameTicks(Shown({0}), Track()), 40);
  model::VideoTrack track = Track();
  track.frame_rate = {0, 1};
  EXPECT_EQ(TypicalFrameTicks(Shown({0}), track), 40);
  track.frame_rate = {90'000, 1};
  EXPECT_EQ(TypicalFrameTicks(Shown({0}), track), 40);
}

TEST(DropAbsurdTimesTest, KeepsDifferencesInRange) {
  model::PacketIndex index = Decoded({0, kForever, -kForever, 40});
  index.packets[0].duration = kForever;
  DropAbsurdTimes(index);
  EXPECT_EQ(index.packets[1].dts, kNoTime);
  EXPECT_EQ(index.packets[2].dts, kNoTime);
  EXPECT_EQ(index.packets[3].dts, 40);
  EXPECT_LT(index.packets[0].duration, kForever);
}

}  // namespace
}  // namespace reel::inspect
