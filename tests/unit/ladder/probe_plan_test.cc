#include "ladder/probe_plan.h"

#include <gtest/gtest.h>

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

TEST(ProbePlanTest, EverySizeIsSeen) {
  const ProbePlan plan = PlanProbes(ChunkOf(0, 96), {36, 60}, kSizes, {});
  for (const model::Rung& size : kSizes) {
    EXPECT_GE(std::ranges::count_if(plan.probes,
                                    [&](const PlannedProbe& probe) {
                                      return probe.draft &&
                                             probe.rung.height == size.height;
                                    }),
              2);
  }
  EXPECT_EQ(std::ranges::count(plan.probes, false, &PlannedProbe::draft), 1);
}

TEST(ProbePlanTest, ExhaustiveTriesAll) {
  model::LadderRecipe recipe;
  recipe.search = "exhaustive";
  EXPECT_EQ(WindowLength(96, 1, recipe), 96);
  const ProbePlan plan = PlanProbes(ChunkOf(0, 96), {0, 96}, kSizes, recipe);
  EXPECT_EQ(plan.probes.size(), kSizes.size() * 10);
  EXPECT_EQ(plan.subsample, 1);
  EXPECT_EQ(std::ranges::count(plan.probes, true, &PlannedProbe::draft), 0);
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
