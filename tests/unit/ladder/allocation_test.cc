#include "ladder/allocation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace reel::ladder {
namespace {

// Chunks whose options follow a logistic quality and an exponential rate.
std::vector<ChunkOptions> RandomChunks(std::mt19937& rng, size_t chunks,
                                       size_t options) {
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<ChunkOptions> out;
  for (size_t c = 0; c < chunks; ++c) {
    ChunkOptions chunk{.frames = 10 + static_cast<int64_t>(rng() % 90),
                       .options = {}};
    const double hardness = 10 * unit(rng);
    const double bits = 1e5 * std::exp(3 * unit(rng));
    for (size_t i = 0; i < options; ++i) {
      const double crf =
          15 + 30 * static_cast<double>(i) / static_cast<double>(options);
      chunk.options.push_back({crf,
                               100 / (1 + std::exp((crf + hardness - 42) / 5)),
                               bits * std::exp(-0.115 * crf)});
    }
    out.push_back(std::move(chunk));
  }
  return out;
}

double LeastBitsByTryingAll(const std::vector<ChunkOptions>& chunks,
                            const Wish& wish) {
  std::vector<size_t> picks(chunks.size(), 0);
  double least = std::numeric_limits<double>::infinity();
  for (;;) {
    double bits = 0;
    bool allowed = true;
    for (size_t c = 0; c < chunks.size(); ++c) {
      bits += chunks[c].options[picks[c]].bits;
      allowed = allowed && chunks[c].options[picks[c]].vmaf >= wish.worst_vmaf;
    }
    if (allowed && PoolVmaf(chunks, picks, wish.pooling) >= wish.vmaf)
      least = std::min(least, bits);
    size_t c = 0;
    while (c < chunks.size() && ++picks[c] == chunks[c].options.size())
      picks[c++] = 0;
    if (c == chunks.size()) return least;
  }
}

// What no price would pick, since a corner of the hull is on either side.
TEST(AllocationTest, ADentInTheHullIsFoundToo) {
  const std::vector<ChunkOptions> chunks{
      {.frames = 50,
       .options = {{20, 90, 1000, 90}, {25, 80, 950, 80}, {30, 70, 500, 70}}}};
  const Wish wish{.vmaf = 80, .worst_vmaf = 0, .pooling = Pooling::kMean};
  const Allocation found = AllocatePerShot(chunks, wish);
  EXPECT_TRUE(found.reached);
  EXPECT_EQ(found.picks, std::vector<size_t>{1});
}

TEST(AllocationTest, IsNearTheBestOfAllCombinations) {
  std::mt19937 rng(11);
  for (const Pooling pooling : {Pooling::kMean, Pooling::kHarmonicMean}) {
    for (int trial = 0; trial < 40; ++trial) {
      const auto chunks = RandomChunks(rng, 3, 24);
      const Wish wish{.vmaf = 80, .worst_vmaf = 70, .pooling = pooling};
      const double least = LeastBitsByTryingAll(chunks, wish);
      const Allocation found = AllocatePerShot(chunks, wish);
      ASSERT_EQ(found.reached, std::isfinite(least));
      if (!found.reached) continue;
      EXPECT_GE(found.vmaf, wish.vmaf);
      EXPECT_GE(found.bits, least * (1 - 1e-9));
      // Lagrange misses what lies inside the hull: one step of one chunk.
      EXPECT_LE(found.bits, least * 1.12) << trial;
    }
  }
}

TEST(AllocationTest, TakesNoMoreBitsThanOneCrfForAll) {
  std::mt19937 rng(12);
  for (int trial = 0; trial < 100; ++trial) {
    const auto chunks = RandomChunks(rng, 20, 120);
    const Wish wish{.vmaf = 85, .worst_vmaf = 0};
    const Allocation title = AllocatePerTitle(chunks, wish);
    const Allocation shots = AllocatePerShot(chunks, wish);
    ASSERT_TRUE(title.reached && shots.reached);
    EXPECT_LE(shots.bits, title.bits * 1.002) << trial;
  }
}

TEST(AllocationTest, NoChunkIsWorseThanAllowed) {
  std::mt19937 rng(13);
  for (int trial = 0; trial < 100; ++trial) {
    const auto chunks = RandomChunks(rng, 20, 60);
    const Wish wish{.vmaf = 80, .worst_vmaf = 77};
    const Allocation found = AllocatePerShot(chunks, wish);
    for (size_t c = 0; c < chunks.size(); ++c) {
      const double vmaf = chunks[c].options[found.picks[c]].vmaf;
      EXPECT_GE(vmaf, std::min(77.0, chunks[c].options.front().vmaf));
    }
  }
}

TEST(AllocationTest, SaysWhenAQualityCannotBeReached) {
  const std::vector<ChunkOptions> chunks{{10, {{20, 70, 100}, {30, 50, 50}}}};
  const Allocation found = AllocatePerShot(chunks, {.vmaf = 95});
  EXPECT_FALSE(found.reached);
  EXPECT_EQ(found.picks.front(), 0u);  // the best there is
  EXPECT_FALSE(AllocatePerTitle(chunks, {.vmaf = 95}).reached);
}

TEST(AllocationTest, WhatLooksTheSameIsTakenCheapest) {
  const std::vector<ChunkOptions> black{
      {10, {{20, 99.9, 100}, {30, 99.9, 60}, {40, 99.9, 60}}}};
  EXPECT_EQ(AllocatePerShot(black, {.vmaf = 95}).picks.front(), 2u);
  EXPECT_EQ(AllocatePerTitle(black, {.vmaf = 95}).picks.front(), 2u);
}

TEST(AllocationTest, HarmonicMeanIsThatOfFrames) {
  const std::vector<ChunkOptions> chunks{{30, {{0, 90, 1}}},
                                         {10, {{0, 50, 1}}}};
  const std::vector<size_t> picks{0, 0};
  EXPECT_NEAR(PoolVmaf(chunks, picks, Pooling::kMean), 80, 1e-9);
  EXPECT_NEAR(PoolVmaf(chunks, picks, Pooling::kHarmonicMean),
              40 / (30 / 91.0 + 10 / 51.0) - 1, 1e-9);
}

}  // namespace
}  // namespace reel::ladder
