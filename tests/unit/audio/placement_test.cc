#include "audio/placement.h"

#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <vector>

#include "model/packets.h"

namespace reel::audio {

void PrintTo(const Placement& p, std::ostream* os) {
  *os << "{silence " << p.silence << ", samples " << p.first << " + "
      << p.samples << "}";
}

namespace {

constexpr base::Rational kClock{1, 48'000};

// Places all of `blocks`, with all that follow as what is ahead.
std::vector<Placement> PlaceAll(Placer& placer, std::deque<BlockTime> blocks) {
  std::vector<Placement> placements;
  for (; !blocks.empty(); blocks.pop_front()) {
    placements.push_back(placer.Place(blocks));
  }
  return placements;
}

// `count` blocks of 1000 samples, their times `jitter` off in turn.
std::deque<BlockTime> Blocks(int64_t first_pts, int count,
                             std::vector<int64_t> jitter = {0}) {
  std::deque<BlockTime> blocks;
  for (int i = 0; i < count; ++i) {
    const int64_t off = jitter[static_cast<size_t>(i) % jitter.size()];
    blocks.push_back({first_pts + 1000 * i + off, 1000});
  }
  return blocks;
}

TEST(PlacerTest, CutsWhatIsBeforeTheTitleAndAfterItsEnd) {
  Placer placer(kClock, {1, 1}, 48'000, 1500);  // starts at tick 48000
  const auto placed = PlaceAll(placer, Blocks(47'300, 4));
  EXPECT_EQ(placed[0], (Placement{.first = 700, .samples = 300}));
  EXPECT_EQ(placed[1], (Placement{.samples = 1000}));
  EXPECT_EQ(placed[2], (Placement{.samples = 200}));
  EXPECT_EQ(placed[3], (Placement{}));
  EXPECT_EQ(placer.missing(), 0);
  EXPECT_EQ(placer.dropped(), 0) << "what lies outside is not taken out";
}

TEST(PlacerTest, SilenceStandsForALateStart) {
  Placer placer(kClock, {0, 1}, 48'000, 48'000);
  EXPECT_EQ(placer.Place({{240, 1000}}),
            (Placement{.silence = 240, .samples = 1000}));
  EXPECT_EQ(placer.missing(), 48'000 - 1240);
}

TEST(PlacerTest, AGapIsFilledWhereItIs) {
  Placer placer(kClock, {0, 1}, 48'000, 480'000);
  auto blocks = Blocks(0, 3);
  for (const BlockTime& block : Blocks(3500, 60)) blocks.push_back(block);
  const auto placed = PlaceAll(placer, blocks);
  EXPECT_EQ(placed[2], (Placement{.samples = 1000}));
  EXPECT_EQ(placed[3], (Placement{.silence = 500, .samples = 1000}));
  EXPECT_EQ(placer.corrections(), 1);
  EXPECT_EQ(placer.silence(), 500);
}

TEST(PlacerTest, AnOverlapIsTakenOut) {
  Placer placer(kClock, {0, 1}, 48'000, 480'000);
  auto blocks = Blocks(0, 3);
  for (const BlockTime& block : Blocks(1600, 60)) blocks.push_back(block);
  const auto placed = PlaceAll(placer, blocks);
  EXPECT_EQ(placed[3], (Placement{.first = 1000}));
  EXPECT_EQ(placed[4], (Placement{.first = 400, .samples = 600}));
  EXPECT_EQ(placer.corrections(), 1);
  EXPECT_EQ(placer.dropped(), 1400);
}

TEST(PlacerTest, AClockThatJittersCorrectsNothing) {
  for (const auto& jitter :
       {std::vector<int64_t>{0, 24, -24}, {0, 0, 0, 0, 900}, {300, -300}}) {
    Placer placer(kClock, {0, 1}, 48'000, 480'000);
    PlaceAll(placer, Blocks(0, 300, jitter));
    EXPECT_EQ(placer.corrections(), 0) << jitter.back();
    EXPECT_EQ(placer.dropped(), 0) << jitter.back();
  }
}

// A camera's sound card runs 0.1 % slower than its clock.
TEST(PlacerTest, FollowsAClockThatDrifts) {
  Placer placer(kClock, {0, 1}, 48'000, 4'800'000);
  std::deque<BlockTime> blocks;
  for (int i = 0; i < 3000; ++i) blocks.push_back({1001 * i, 1000});
  int64_t at = 0;
  for (int i = 0; !blocks.empty(); blocks.pop_front(), ++i) {
    const Placement placement = placer.Place(blocks);
    at += placement.silence;
    if (blocks.size() > 12) {
      EXPECT_LE(std::abs(at - 1001 * i), 49) << "off by more than tolerated";
    }
    at += placement.samples;
  }
  EXPECT_EQ(placer.dropped(), 0);
}

TEST(PlacerTest, ARoundedClockIsForgivenItsTick) {
  Placer placer({1, 1000}, {0, 1}, 44'100, 441'000);
  std::deque<BlockTime> blocks;
  for (int i = 0; i < 300; ++i) blocks.push_back({i * 1024 * 10 / 441, 1024});
  PlaceAll(placer, blocks);
  EXPECT_EQ(placer.corrections(), 0);
}

TEST(PlacerTest, NoTimeMeansRightAfterTheBlockBefore) {
  Placer placer(kClock, {0, 1}, 48'000, 48'000);
  EXPECT_EQ(placer.Place({{100, 1000}}),
            (Placement{.silence = 100, .samples = 1000}));
  EXPECT_EQ(placer.Place({{model::kNoTime, 1000}}),
            (Placement{.samples = 1000}));
}

TEST(PlacerTest, AbsurdTimesAreNotBelieved) {
  for (const int64_t pts : {std::numeric_limits<int64_t>::max(),
                            std::numeric_limits<int64_t>::min() + 1}) {
    Placer placer(kClock, {0, 1}, 48'000, 48'000);
    EXPECT_EQ(placer.Place({{pts, 1000}}), (Placement{.samples = 1000}));
  }
}

}  // namespace
}  // namespace reel::audio
