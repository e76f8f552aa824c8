#include "inspect/events.h"

#include <gtest/gtest.h>

namespace reel::inspect {
namespace {

TEST(JoinEventsTest, JoinsWhatIsNearInAnyOrder) {
  const auto bursts =
      JoinEvents({{4, 4.04, 120, 1}, {1.5, 1.6, 45, 3}, {2.67, 2.87, 80, 6}});
  ASSERT_EQ(bursts.size(), 1u);
  EXPECT_EQ(bursts[0].start, 1.5);
  EXPECT_EQ(bursts[0].end, 4.04);
  EXPECT_EQ(bursts[0].first_frame, 45);
  EXPECT_EQ(bursts[0].events, 3);
  EXPECT_EQ(bursts[0].weight, 10);
}

TEST(JoinEventsTest, KeepsApartWhatIsFar) {
  EXPECT_EQ(JoinEvents({{0, 1, 0}, {3, 4, 90}}).size(), 2u);
}

TEST(JoinEventsTest, ALongEventReachesToTheNext) {
  EXPECT_EQ(JoinEvents({{0, 10, 0}, {5, 5.1, 150}, {11, 12, 330}}).size(), 1u);
}

TEST(JoinEventsTest, TheLastBurstCoversTheRest) {
  std::vector<Event> events;
  for (int n = 0; n < 1000; ++n) events.push_back({n * 10.0, n * 10 + 1.0, n});
  const auto bursts = JoinEvents(events);
  ASSERT_EQ(bursts.size(), kMaxFindings);
  EXPECT_EQ(bursts.back().end, 9991);
  EXPECT_EQ(bursts.back().events, 1001 - static_cast<int64_t>(kMaxFindings));
}

TEST(JoinEventsTest, NothingIsNothing) { EXPECT_TRUE(JoinEvents({}).empty()); }

TEST(AtTest, NamesSecondsAndFrame) {
  EXPECT_EQ(At(1.5, 45), "at 1.500 s (frame 45)");
  EXPECT_EQ(At(1.5, -1), "at 1.500 s");
  EXPECT_EQ(At(Burst{1.5, 4, 45, 2, 2}), "from 1.500 s (frame 45) to 4.000 s");
}

}  // namespace
}  // namespace reel::inspect
