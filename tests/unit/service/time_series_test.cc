#include "service/time_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace reel::service {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(ThinTest, KeepsEveryValueOfAShortTitle) {
  const std::vector<double> values = {-20, -21, -22};
  const Envelope thin = Thin(values, 0.2, 0.1, 0.6);
  EXPECT_DOUBLE_EQ(thin.step_seconds, 0.1);
  ASSERT_THAT(thin.columns, SizeIs(6));
  EXPECT_FALSE(thin.columns[1].known);
  EXPECT_TRUE(thin.columns[2].known);
  EXPECT_EQ(thin.columns[2].low, -20);
  EXPECT_EQ(thin.columns[4].high, -22);
  EXPECT_FALSE(thin.columns[5].known);
}

TEST(ThinTest, AColumnOfALongTitleHasLeastAndGreatest) {
  std::vector<double> values(108'000, -30);  // 3 h
  values[50'000] = -3;
  values[50'001] = -59;
  const Envelope thin = Thin(values, 0, 0.1, 10'800);
  ASSERT_THAT(thin.columns, SizeIs(kMostColumns));
  const auto& column = thin.columns[50'000 / 180];
  EXPECT_EQ(column.low, -59);
  EXPECT_EQ(column.high, -3);
}

TEST(ThinTest, LeavesOutWhatIsOutsideOrNoNumber) {
  const std::vector<double> values = {1, kNaN, 3, 4};
  const Envelope thin = Thin(values, -0.1, 0.1, 0.2);
  ASSERT_THAT(thin.columns, SizeIs(2));
  EXPECT_FALSE(thin.columns[0].known);
  EXPECT_EQ(thin.columns[1].low, 3);
  EXPECT_EQ(thin.columns[1].high, 3);
}

TEST(ThinTest, NoTimeGivesNoColumns) {
  const std::vector<double> values = {1};
  for (const double duration : {0.0, -1.0, kNaN, double{INFINITY}})
    EXPECT_THAT(Thin(values, 0, 0.1, duration).columns, IsEmpty());
  EXPECT_THAT(Thin({}, 0, 0.1, 1).columns, IsEmpty());
}

TEST(ShortTermTest, IsTheMeanEnergyOfThreeSeconds) {
  EXPECT_THAT(ShortTerm(std::vector<double>(26, -20)), IsEmpty());
  EXPECT_THAT(ShortTerm(std::vector<double>(30, -20)),
              ElementsAre(DoubleNear(-20, 1e-9), DoubleNear(-20, 1e-9),
                          DoubleNear(-20, 1e-9), DoubleNear(-20, 1e-9)));
  std::vector<double> step(54, -120);
  std::fill_n(step.begin(), 27, -20);
  const auto loudness = ShortTerm(step);
  EXPECT_NEAR(loudness[0], -20, 1e-6);
  EXPECT_NEAR(loudness[9], -20 + 10 * std::log10(18 / 27.0), 1e-6);
  EXPECT_NEAR(loudness[27], -120, 1e-3);
}

// 25 packets a second, of 1000 bytes in the first second, then 2000.
model::PacketIndex TwoRates() {
  model::PacketIndex index;
  for (int64_t i = 0; i < 62; ++i) {
    model::Packet packet;
    packet.pts = 100 + i;
    packet.bytes = i < 25 ? 1000 : 2000;
    index.packets.push_back(packet);
  }
  return index;
}

TEST(MeasureBitRateTest, IsThatOfEachSecondAndOfThePartOfOne) {
  const BitRate rate = MeasureBitRate(TwoRates(), {1, 25}, 100, 2.48);
  EXPECT_EQ(rate.step_seconds, 1);
  EXPECT_THAT(rate.bps, ElementsAre(200'000, 400'000, DoubleNear(4e5, 1e-3)));
  EXPECT_NEAR(rate.max_bps, 4e5, 1e-3);
  EXPECT_NEAR(rate.mean_bps, 8.0 * (25 * 1000 + 37 * 2000) / 2.48, 1e-6);
}

TEST(MeasureBitRateTest, WhatIsNotShownDoesNotCount) {
  const BitRate rate = MeasureBitRate(TwoRates(), {1, 25}, 125, 1.48);
  EXPECT_NEAR(rate.mean_bps, 400'000, 1e-3);
  EXPECT_NEAR(rate.max_bps, 400'000, 1e-3);
}

TEST(MeasureBitRateTest, WithoutTimesPacketsLieEvenly) {
  model::PacketIndex index = TwoRates();
  for (auto& packet : index.packets) packet.pts = model::kNoTime;
  const BitRate rate = MeasureBitRate(index, {1, 25}, 0, 2.48);
  EXPECT_EQ(rate.bps[0], 200'000);
}

TEST(MeasureBitRateTest, ALongTitleHasFewColumnsAndWildTimesNoEffect) {
  model::PacketIndex index = TwoRates();
  index.packets[3].pts = std::numeric_limits<int64_t>::max();
  index.packets[4].pts = std::numeric_limits<int64_t>::min() + 1;
  const BitRate rate = MeasureBitRate(index, {1, 25}, 100, 10'800);
  EXPECT_EQ(rate.step_seconds, 18);
  EXPECT_THAT(rate.bps, SizeIs(kMostColumns));
  EXPECT_THAT(rate.bps, Each(testing::Lt(1e6)));
}

TEST(MeasureBitRateTest, NothingGivesNothing) {
  EXPECT_THAT(MeasureBitRate({}, {1, 25}, 0, 10).bps, IsEmpty());
  EXPECT_THAT(MeasureBitRate(TwoRates(), {1, 25}, 0, 0).bps, IsEmpty());
  EXPECT_EQ(MeasureBitRate(TwoRates(), {0, 0}, 0, 1).bps.size(), 1u);
}

}  // namespace
}  // namespace reel::service
