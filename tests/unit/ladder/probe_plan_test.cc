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

TEST(ProbePlanTest, LooksAtAWindowInTheMiddle) {
  for (const int64_t frames : {1, 2, 24, 37, 96, 480}) {
    const ProbePlan plan =
        PlanProbes(ChunkOf(100, 100 + frames), kSizes, 1, {});
    EXPECT_GE(plan.range.first_frame, 100);
    EXPECT_LE(plan.range.end_frame, 100 + frames);
    EXPECT_GE(plan.range.frames(), std::min<int64_t>(frames, 24));
    EXPECT_LE(plan.range.frames(), std::max<int64_t>(36, frames / 4));
    const int64_t before = plan.range.first_frame - 100;
    const int64_t after = 100 + frames - plan.range.end_frame;
    EXPECT_LE(std::abs(before - after), 1);
  }
}

// Key frames are where the final encode has them.
TEST(ProbePlanTest, SegmentsCoverTheWindow) {
  model::Chunk chunk = ChunkOf(100, 300);
  chunk.segments = {{100, 190}, {190, 280}, {280, 300}};
  const ProbePlan window = PlanProbes(chunk, kSizes, 1, {});
  EXPECT_EQ(window.segments,
            (std::vector<model::FrameRange>{{window.range.first_frame, 190},
                                            {190, window.range.end_frame}}));
  model::LadderRecipe all;
  all.search = "exhaustive";
  EXPECT_EQ(PlanProbes(chunk, kSizes, 1, all).segments, chunk.segments);
}

TEST(ProbePlanTest, AWindowFitsIntoMemory) {
  const int64_t frame_bytes = int64_t{7680} * 4320 * 3;
  const ProbePlan plan = PlanProbes(ChunkOf(0, 480), kSizes, frame_bytes, {});
  EXPECT_GE(plan.range.frames(), 1);
  EXPECT_LE(plan.range.frames() * frame_bytes, int64_t{256} << 20);
}

TEST(ProbePlanTest, EverySizeIsSeen) {
  const ProbePlan plan = PlanProbes(ChunkOf(0, 96), kSizes, 1, {});
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
  const ProbePlan plan = PlanProbes(ChunkOf(0, 96), kSizes, 1, recipe);
  EXPECT_EQ(plan.probes.size(), kSizes.size() * 10);
  EXPECT_EQ(plan.subsample, 1);
  EXPECT_EQ(plan.range, (model::FrameRange{0, 96}));
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
