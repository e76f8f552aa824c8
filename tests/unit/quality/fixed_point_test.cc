#include "quality/fixed_point.h"

#include <gtest/gtest.h>

namespace reel::quality {
namespace {

TEST(RoundShiftTest, RoundsHalvesUp) {
  EXPECT_EQ(RoundShift(5, 1), 3);
  EXPECT_EQ(RoundShift(-5, 1), -2);
  EXPECT_EQ(RoundShift(383, 8), 1);
  EXPECT_EQ(RoundShift(384, 8), 2);
  EXPECT_EQ(RoundShift(-384, 8), -1);
  EXPECT_EQ(RoundShift(-385, 8), -2);
  EXPECT_EQ(RoundShift(-7, 0), -7);
}

TEST(CeilLog2Test, IsTheSmallestPowerThatHolds) {
  EXPECT_EQ(CeilLog2(1), 0);
  EXPECT_EQ(CeilLog2(2), 1);
  EXPECT_EQ(CeilLog2(3), 2);
  EXPECT_EQ(CeilLog2(1024), 10);
  EXPECT_EQ(CeilLog2(1025), 11);
}

TEST(MirrorTest, DoesNotRepeatTheEdge) {
  EXPECT_EQ(Mirror(-1, 4), 1);
  EXPECT_EQ(Mirror(-3, 4), 3);
  EXPECT_EQ(Mirror(0, 4), 0);
  EXPECT_EQ(Mirror(3, 4), 3);
  EXPECT_EQ(Mirror(4, 4), 2);
  EXPECT_EQ(Mirror(6, 4), 0);
}

}  // namespace
}  // namespace reel::quality
