#include "model/leaky_bucket.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace reel::model {
namespace {

// 1000 bit/s into 500 bits; one tick is a tenth of a second: 100 bits.
constexpr BucketLimits kLimits{1000, 500, 10};
constexpr int kReserve = 30;  // 150 bits

TEST(LeakyBucketTest, FillsAtTheRateAndEmptiesByAccessUnit) {
  const BucketReport report = RunLeakyBucket(
      std::vector<AccessUnit>{{0, 100}, {1, 120}}, 2, kLimits, 30);
  EXPECT_EQ(report.access_units, 2);
  EXPECT_EQ(report.first_violation, -1);
  EXPECT_EQ(report.lowest_bits, 30);  // 150 - 100 + 100 - 120
  EXPECT_EQ(report.lowest_unit, 1);
  EXPECT_EQ(report.end_bits, 130);
}

TEST(LeakyBucketTest, NeverHoldsMoreThanTheBuffer) {
  const BucketReport report = RunLeakyBucket(
      std::vector<AccessUnit>{{0, 10}, {100, 501}}, 101, kLimits, 100);
  EXPECT_EQ(report.first_violation, 1);
  EXPECT_EQ(report.lowest_bits, -1);
}

TEST(LeakyBucketTest, NamesTheFirstLateAccessUnit) {
  const BucketReport report = RunLeakyBucket(
      std::vector<AccessUnit>{{0, 150}, {1, 101}, {2, 400}}, 3, kLimits, 30);
  EXPECT_EQ(report.first_violation, 1);
  EXPECT_EQ(report.lowest_unit, 2);
}

TEST(LeakyBucketTest, RoundsNothingBetweenAccessUnits) {
  // A third of a bit arrives per tick: three ticks make one bit, exactly.
  const BucketLimits limits{1, 10, 3};
  const std::vector<AccessUnit> units{{0, 10}, {1, 0}, {2, 0}, {3, 1}};
  EXPECT_EQ(RunLeakyBucket(units, 3, limits, 100).first_violation, -1);
  const std::vector<AccessUnit> early{{0, 10}, {1, 0}, {2, 1}};
  EXPECT_EQ(RunLeakyBucket(early, 3, limits, 100).first_violation, 2);
}

TEST(LeakyBucketTest, HoldsLargeTimesAndRates) {
  const int64_t big = int64_t{1} << 40;
  const BucketLimits limits{big, big, int64_t{1} << 32};
  const std::vector<AccessUnit> units{{-(int64_t{1} << 62), big},
                                      {int64_t{1} << 62, big}};
  EXPECT_EQ(
      RunLeakyBucket(units, units[1].decode_ticks, limits, 100).first_violation,
      -1);
}

TEST(ChunkShortfallTest, AsksForTheReserveBack) {
  const std::vector<AccessUnit> even{{0, 100}, {1, 100}};
  EXPECT_EQ(ChunkShortfallBits(even, 2, kLimits, kReserve), 0);
  const std::vector<AccessUnit> heavy{{0, 100}, {1, 107}};
  EXPECT_EQ(ChunkShortfallBits(heavy, 2, kLimits, kReserve), 7);
}

TEST(ChunkShortfallTest, CountsMissingBits) {
  const std::vector<AccessUnit> burst{{0, 160}, {9, 0}};
  EXPECT_EQ(ChunkShortfallBits(burst, 10, kLimits, kReserve), 10);
}

TEST(ChunkShortfallTest, AnEmptyChunkConforms) {
  EXPECT_EQ(ChunkShortfallBits({}, 0, kLimits, kReserve), 0);
}

std::vector<AccessUnit> RandomChunk(std::mt19937& rng) {
  std::vector<AccessUnit> units(1 + rng() % 12);
  for (size_t i = 0; i < units.size(); ++i) {
    units[i] = {.decode_ticks = static_cast<int64_t>(i),
                .bits = static_cast<int64_t>(rng() % 230)};
  }
  return units;
}

// The law that joining rests on, over random rows of conforming chunks.
TEST(ChunkShortfallTest, ConformingChunksJoinInAnyOrder) {
  std::mt19937 rng(20240229);
  for (int row = 0; row < 2000; ++row) {
    std::vector<AccessUnit> stream;
    int64_t end = 0;
    while (stream.size() < 60) {
      std::vector<AccessUnit> chunk = RandomChunk(rng);
      const int64_t length = static_cast<int64_t>(chunk.size());
      if (ChunkShortfallBits(chunk, length, kLimits, kReserve) > 0) continue;
      for (AccessUnit& unit : chunk) unit.decode_ticks += end;
      stream.insert(stream.end(), chunk.begin(), chunk.end());
      end += length;
    }
    const BucketReport report = RunLeakyBucket(stream, end, kLimits, kReserve);
    ASSERT_EQ(report.first_violation, -1) << "row " << row;
    ASSERT_GE(report.end_bits, 150) << "row " << row;
  }
}

// What the argument rests on: a fuller start is never worse.
TEST(LeakyBucketTest, FullnessIsMonotoneInTheStart) {
  std::mt19937 rng(7);
  for (int round = 0; round < 2000; ++round) {
    const std::vector<AccessUnit> chunk = RandomChunk(rng);
    const int64_t end = static_cast<int64_t>(chunk.size());
    int64_t lowest = -1'000'000, last = -1'000'000;
    for (int percent = 0; percent <= 100; percent += 10) {
      const BucketReport report = RunLeakyBucket(chunk, end, kLimits, percent);
      ASSERT_GE(report.lowest_bits, lowest);
      ASSERT_GE(report.end_bits, last);
      lowest = report.lowest_bits;
      last = report.end_bits;
    }
  }
}

}  // namespace
}  // namespace reel::model
