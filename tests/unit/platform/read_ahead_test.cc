#include "platform/read_ahead.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace reel::platform {
namespace {

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

TEST(ReadAheadTest, ALongReadTakesTwiceAsMuchEachTimeUpToTheMost) {
  ReadAhead ahead(8);
  std::vector<int64_t> lengths;
  for (int64_t block = 0; block < 31;) {
    lengths.push_back(ahead.Next(block, kNoLimit));
    block += lengths.back();
  }
  EXPECT_EQ(lengths, (std::vector<int64_t>{1, 2, 4, 8, 8, 8}));
}

TEST(ReadAheadTest, ReadsHereAndThereTakeOneBlockEach) {
  ReadAhead ahead(8);
  for (const int64_t block : {5, 3, 9, 100, 7})
    EXPECT_EQ(ahead.Next(block, kNoLimit), 1) << block;
}

TEST(ReadAheadTest, RunsInTurnGoOnEach) {
  ReadAhead ahead(8);
  EXPECT_EQ(ahead.Next(0, kNoLimit), 1);
  EXPECT_EQ(ahead.Next(1000, kNoLimit), 1);
  EXPECT_EQ(ahead.Next(1, kNoLimit), 2);
  EXPECT_EQ(ahead.Next(1001, kNoLimit), 2);
  EXPECT_EQ(ahead.Next(3, kNoLimit), 4);
}

TEST(ReadAheadTest, StopsBeforeTheLimit) {
  ReadAhead ahead(8);
  EXPECT_EQ(ahead.Next(0, 4), 1);
  EXPECT_EQ(ahead.Next(1, 4), 2);
  EXPECT_EQ(ahead.Next(3, 4), 1);
}

TEST(ReadAheadTest, ForgetsRunsThatEndedLongAgo) {
  ReadAhead ahead(8);
  EXPECT_EQ(ahead.Next(0, kNoLimit), 1);
  for (int64_t block = 100; block < 1000; block += 100)
    EXPECT_EQ(ahead.Next(block, kNoLimit), 1);
  EXPECT_EQ(ahead.Next(1, kNoLimit), 1);
}

}  // namespace
}  // namespace reel::platform
