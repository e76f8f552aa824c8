#include "ladder/probe_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "unit/ladder/world.h"

namespace reel::ladder {
namespace {

model::Chunk ChunkOf(int64_t first, int64_t end) {
  model::Chunk chunk;
  chunk.range = {first, end};
  chunk.segments = {chunk.range};
  return chunk;
}

const std::vector<model::Rung> kSizes{SizeOf(720), SizeOf(480), SizeOf(240)};

TEST(ProbePlanTest, LooksAtAPartOfALongChunk) {
  for (const int64_t frames : {1, 2, 24, 37, 96, 480}) {
    const int64_t length = WindowLength(frames, 1, {});
    EXPECT_LE(length,
              std::min<int64_t>(frames, std::max<int64_t>(36, frames / 4)));
    EXPECT_GE(length, std::min<int64_t>(frames, 24));
  }
}

// Key frames are where the final encode has them.
TEST(ProbePlanTest, SegmentsCoverTheWindow) {
  model::Chunk chunk = ChunkOf(100, 300);
  chunk.segments = {{100, 190}, {190, 280}, {280, 300}};
  EXPECT_EQ(PlanProbes(chunk, {180, 230}, kSizes, {}).segments,
            (std::vector<model::FrameRange>{{180, 190}, {190, 230}}));
  EXPECT_EQ(PlanProbes(chunk, chunk.range, kSizes, {}).segments,
            chunk.segments);
}

TEST(ProbePlanTest, AWindowFitsIntoMemory) {
  const int64_t frame_bytes = int64_t{7680} * 4320 * 3;
  model::LadderRecipe recipe;
  const int64_t part = WindowLength(480, frame_bytes, recipe);
  EXPECT_GE(part, 1);
  EXPECT_LE(part * frame_bytes, int64_t{256} << 20);
  recipe.search = "exhaustive";
  const int64_t whole = WindowLength(480, frame_bytes, recipe);
  EXPECT_GE(whole, 1);
  EXPECT_LE(whole * frame_bytes, int64_t{1} << 30);
}

std::vector<PlannedProbe> AllOf(const ProbePlan& plan) {
  std::vector<PlannedProbe> all;
  for (const auto& round : plan.rounds)
    all.insert(all.end(), round.begin(), round.end());
  return all;
}

TEST(ProbePlanTest, EverySizeIsSeen) {
  const auto probes = AllOf(PlanProbes(ChunkOf(0, 96), {36, 60}, kSizes, {}));
  for (const model::Rung& size : kSizes) {
    EXPECT_EQ(std::ranges::count_if(probes,
                                    [&](const PlannedProbe& probe) {
                                      return probe.draft &&
                                             probe.rung.height == size.height;
                                    }),
              3);
  }
  EXPECT_EQ(std::ranges::count(probes, false, &PlannedProbe::draft), 1);
}

TEST(ProbePlanTest, ExhaustiveTriesAll) {
  model::LadderRecipe recipe;
  recipe.search = "exhaustive";
  EXPECT_EQ(WindowLength(96, 1, recipe), 96);
  const ProbePlan plan = PlanProbes(ChunkOf(0, 96), {0, 96}, kSizes, recipe);
  ASSERT_EQ(plan.rounds.size(), 1);
  EXPECT_EQ(AllOf(plan).size(), kSizes.size() * 10);
  EXPECT_EQ(plan.subsample, 1);
  EXPECT_EQ(std::ranges::count(AllOf(plan), true, &PlannedProbe::draft), 0);
}

// Of a chunk of 96 frames, 4 s.
class WantedProbesTest : public testing::Test {
 protected:
  // A draft at CRF 30 of size `size`, of the whole chunk.
  void Saw(int size, double vmaf, double rate_bps) {
    const auto bits = static_cast<int64_t>(rate_bps * chunk_.seconds);
    done_.push_back({.width = kSizes[size].width,
                     .height = kSizes[size].height,
                     .crf = 30,
                     .draft = true,
                     .frames = chunk_.frames,
                     .keys = 1,
                     .key_bits = bits / 10,
                     .bits = bits,
                     .vmaf = vmaf});
  }
  bool Wants(int size, double crf, bool draft = true) const {
    return IsWanted({CodingOf(kSizes[size], crf), draft}, done_, chunk_,
                    BoundsOf(chunk_, chunks_, recipe_));
  }

  ChunkFacts chunk_{.frames = 96, .segments = 1, .seconds = 4};
  size_t chunks_ = 1;
  model::Recipe recipe_ = [] {
    model::Recipe recipe;
    recipe.mode = "per-shot";
    return recipe;
  }();
  std::vector<model::Probe> done_;
};

TEST_F(WantedProbesTest, AllAroundTheMiddleOfALadder) {
  Saw(0, 85, 2e6);
  for (const int size : {0, 1, 2}) {
    EXPECT_TRUE(Wants(size, 22));
    EXPECT_TRUE(Wants(size, 38));
  }
  EXPECT_TRUE(Wants(1, 30, false));
}

TEST_F(WantedProbesTest, NoneBeyondWhatRungsMayBe) {
  Saw(0, 98, 2e6);  // better than the target
  EXPECT_FALSE(Wants(0, 22));
  EXPECT_TRUE(Wants(0, 38));
  Saw(1, 38, 1e6);  // worse than the floor
  EXPECT_TRUE(Wants(1, 22));
  EXPECT_FALSE(Wants(1, 38));
  Saw(2, 70, 120e3);  // below the floor rate
  EXPECT_TRUE(Wants(2, 22));
  EXPECT_FALSE(Wants(2, 38));
  chunks_ = 20;  // others may make up for its rate
  EXPECT_TRUE(Wants(2, 38));
}

TEST_F(WantedProbesTest, NoneAboveThePeakRate) {
  Saw(0, 60, 0.95 * static_cast<double>(kSizes[0].maxrate_bps));
  EXPECT_FALSE(Wants(0, 22));
  EXPECT_TRUE(Wants(0, 38));
  EXPECT_TRUE(Wants(1, 22));
}

// A still page: the best that is wanted takes less than any rung need.
TEST_F(WantedProbesTest, NoSmallerSizeWhereOneRungIsAll) {
  Saw(0, 94, 60e3);
  EXPECT_TRUE(Wants(0, 22));
  EXPECT_FALSE(Wants(0, 38));
  EXPECT_FALSE(Wants(1, 30));
  EXPECT_FALSE(Wants(1, 30, false));
  chunks_ = 2;  // the other one may need them
  EXPECT_TRUE(Wants(1, 30));
}

TEST_F(WantedProbesTest, AllForOneCrf) {
  recipe_.mode = "per-title";
  Saw(0, 98, 60e3);
  EXPECT_TRUE(Wants(0, 22));
  EXPECT_TRUE(Wants(0, 38));
  EXPECT_TRUE(Wants(1, 30));
}

TEST_F(WantedProbesTest, WhatFailedTellsNothing) {
  Saw(0, 98, 60e3);
  done_.back().failure = "broken";
  EXPECT_TRUE(Wants(0, 22));
  EXPECT_TRUE(Wants(1, 30));
}

// A size that nobody looked at has no curve; one whose probes failed takes
// those of its neighbour.
TEST(ProbedSizesTest, AreThoseThatWereLookedAt) {
  model::ChunkProbes seen{.chunk = 0, .probes = {}};
  EXPECT_EQ(ProbedSizes(kSizes, {}).size(), 3);
  seen.probes.push_back(
      {.width = kSizes[0].width, .height = kSizes[0].height, .failure = {}});
  seen.probes.push_back({.width = kSizes[1].width,
                         .height = kSizes[1].height,
                         .failure = "broken"});
  const auto sizes = ProbedSizes(kSizes, std::vector{seen});
  ASSERT_EQ(sizes.size(), 2);
  EXPECT_EQ(sizes[1].height, kSizes[1].height);
}

TEST(CodingTest, NamesNothingButHowAChunkIsCoded) {
  model::Rung rung = SizeOf(720);
  rung.rate_bps = 12345;
  rung.target_vmaf = 95;
  rung.reason = "because";
  const model::Rung coding = CodingOf(rung, 23.25);
  EXPECT_EQ(coding.id, "1280x720-crf23.25");
  EXPECT_EQ(coding.crf, 23.25);
  EXPECT_EQ(coding.rate_bps, 0);
  EXPECT_EQ(coding.target_vmaf, 0);
  EXPECT_TRUE(coding.reason.empty());
  EXPECT_EQ(coding.maxrate_bps, rung.maxrate_bps);
}

}  // namespace
}  // namespace reel::ladder
