#include "ladder/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace reel::ladder {
namespace {

// Quality rises with the logarithm of rate; PSNR and VMAF on their own scales.
CodedLadder Coded(double factor, double cpu_seconds) {
  CodedLadder ladder{.points = {}, .cpu_seconds = cpu_seconds};
  for (const double rate : {5e5, 1e6, 2e6, 4e6}) {
    const double quality = std::log2(rate);
    ladder.points.push_back({factor * rate, 10 * quality - 120, 2 * quality});
  }
  return ladder;
}

TEST(ComparisonTest, AFactorOfRateIsTheBdRate) {
  const std::vector<ComparedTitle> titles{
      {"film", "film-grain", Coded(1, 10), Coded(0.7, 25)}};
  const Comparison result = Compare(titles);
  ASSERT_EQ(result.titles.size(), 1u);
  EXPECT_NEAR(*result.titles[0].vmaf.percent, -30, 1e-9);
  EXPECT_NEAR(*result.titles[0].psnr.percent, -30, 1e-9);
  EXPECT_NEAR(result.titles[0].vmaf.high, 10 * std::log2(4e6) - 120, 1e-9);
  EXPECT_EQ(result.titles[0].test_cpu_seconds, 25);
}

TEST(ComparisonTest, MeansAreOfClassesAndOfAll) {
  const std::vector<ComparedTitle> titles{
      {"a", "dark", Coded(1, 10), Coded(0.5, 30)},
      {"b", "sport", Coded(1, 20), Coded(0.9, 30)},
      {"c", "dark", Coded(1, 30), Coded(0.7, 30)}};
  const Comparison result = Compare(titles);
  ASSERT_EQ(result.classes.size(), 2u);
  EXPECT_EQ(result.classes[0].content_class, "dark");
  EXPECT_EQ(result.classes[0].titles, 2);
  EXPECT_NEAR(*result.classes[0].vmaf_percent, -40, 1e-9);
  EXPECT_NEAR(*result.classes[1].vmaf_percent, -10, 1e-9);
  EXPECT_NEAR(*result.all.vmaf_percent, -30, 1e-9);
  EXPECT_EQ(result.all.anchor_cpu_seconds, 60);
  EXPECT_EQ(result.all.test_cpu_seconds, 90);
}

// One rendition, or none of a quality that the other has: nothing to compare,
// and no mean is drawn down by it.
TEST(ComparisonTest, WhatHasNothingInCommonIsLeftOut) {
  CodedLadder single = Coded(1, 1);
  single.points.resize(1);
  CodedLadder far = Coded(1, 1);
  for (auto& point : far.points) point.vmaf += 1000;
  const std::vector<ComparedTitle> titles{
      {"a", "dark", Coded(1, 1), single},
      {"b", "dark", Coded(1, 1), far},
      {"c", "dark", Coded(1, 1), Coded(0.8, 1)}};
  const Comparison result = Compare(titles);
  EXPECT_FALSE(result.titles[0].vmaf.percent);
  EXPECT_FALSE(result.titles[1].vmaf.percent);
  EXPECT_TRUE(result.titles[1].psnr.percent);
  EXPECT_NEAR(*result.all.vmaf_percent, -20, 1e-9);
  EXPECT_NEAR(*result.all.psnr_percent, -10, 1e-9);
  const base::Json json = result;
  EXPECT_TRUE(json["titles"][0]["vmaf"].is_null());
  EXPECT_TRUE(Compare({}).all.vmaf_percent == std::nullopt);
}

TEST(CommonClassTest, IsThatOfMostFrames) {
  using Names = std::vector<std::string>;
  using Frames = std::vector<int64_t>;
  EXPECT_EQ(CommonClass(Frames{50, 30, 30}, Names{"dark", "sport", "sport"}),
            "sport");
  EXPECT_EQ(CommonClass(Frames{5, 5}, Names{"sport", "dark"}), "dark");
  EXPECT_EQ(CommonClass({}, {}), "");
}

}  // namespace
}  // namespace reel::ladder
