#include "package/bitrate.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace reel::package {
namespace {

constexpr int64_t kHz = 90'000;

struct PeakCase {
  std::string name;
  std::vector<SegmentSize> segments;
  int64_t timescale_hz;
  int64_t want_bps;
};
class PeakBitrateTest : public ::testing::TestWithParam<PeakCase> {};

TEST_P(PeakBitrateTest, IsTheLargestOfTheSetsThatCount) {
  EXPECT_EQ(
      MeasureBitrates({GetParam().segments, GetParam().timescale_hz}).peak_bps,
      GetParam().want_bps);
}

// Target duration 4 s: sets of 2 to 6 seconds count.
INSTANTIATE_TEST_SUITE_P(
    Cases, PeakBitrateTest,
    ::testing::Values(
        PeakCase{"OneSegment", {{1'000'000, 4 * kHz}}, kHz, 2'000'000},
        PeakCase{"ShortSegmentsCountTogether",
                 {{1'000'000, 4 * kHz}, {600'000, kHz}, {900'000, kHz}},
                 kHz,
                 6'000'000},
        PeakCase{"AShortSegmentCountsWithItsNeighbour",
                 {{1'000'000, 4 * kHz}, {600'000, kHz}},
                 kHz,
                 2'560'000},
        PeakCase{"RoundsUp", {{1, 3}}, 1, 3},
        PeakCase{"AVeryShortTitleCountsWhole", {{1000, 1}}, 10, 80'000}),
    [](const auto& c) { return c.param.name; });

TEST(AverageBitrateTest, IsAllBitsOverAllTime) {
  EXPECT_EQ(MeasureBitrates({{{1000, kHz}, {2000, 2 * kHz}}, kHz}).average_bps,
            8000);
}

TEST(DurationsTest, AddUpWithoutDrift) {
  // A third of a second each: a single one is never exact in microseconds.
  SegmentSizes sizes{.segments = {}, .timescale_hz = 3};
  sizes.segments.assign(3000, {1, 1});
  const std::vector<int64_t> us = DurationsMicroseconds(sizes);
  EXPECT_EQ(std::accumulate(us.begin(), us.end(), int64_t{0}), 1'000'000'000);
  EXPECT_EQ(us[0], 333'333);
  EXPECT_EQ(us[1], 333'334);
}

TEST(TargetDurationTest, IsTheLongestRounded) {
  EXPECT_EQ(TargetDurationSeconds({{{1, 44}, {1, 10}}, 10}), 4);
  EXPECT_EQ(TargetDurationSeconds({{{1, 45}, {1, 10}}, 10}), 5);
  EXPECT_EQ(TargetDurationSeconds({{{1, 1}}, 10}), 1);
}

TEST(TargetDurationTest, CountsWhatThePlaylistSays) {
  // 4.4999997 s is printed as 4.500000, which rounds to 5.
  EXPECT_EQ(TargetDurationSeconds({{{1, 44'999'997}}, 10'000'000}), 5);
}

TEST(BandwidthTest, IsTheRateOfASingleSegmentInItsOwnTime) {
  EXPECT_EQ(BandwidthBps({{{1000, 2}}, 1}, 2), 4000);
}

TEST(BandwidthTest, LiesBetweenAverageAndPeak) {
  // The buffer's 4 s carry the large segment over.
  const SegmentSizes sizes{{{1000, 2}, {3000, 2}, {1000, 2}}, 1};
  EXPECT_EQ(BandwidthBps(sizes, 4),
            6000);  // segment 2 alone: 24000 bits in 4 s
  EXPECT_EQ(BandwidthBps(sizes, 2), 12000);
}

TEST(BandwidthTest, CountsSegmentsThatFollowEachOther) {
  // Two large ones, 48000 bits: 4 s of buffer and the 2 s of the first.
  EXPECT_EQ(BandwidthBps({{{3000, 2}, {3000, 2}}, 1}, 4), 8000);
}

}  // namespace
}  // namespace reel::package
