#include "ladder/rounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/ladder/world.h"

namespace reel::ladder {
namespace {

using testing::ElementsAre;

model::Ladder LadderOf(const std::vector<int>& heights, size_t chunks) {
  model::Ladder ladder;
  for (const int height : heights) {
    ladder.rungs.push_back(SizeOf(height));
    ladder.rungs.back().target_vmaf = 90;
    ladder.choices.emplace_back(
        chunks, model::ChunkChoice{.crf = 30, .vmaf = 90, .target_vmaf = 90});
  }
  return ladder;
}

model::MeasuredChunk Encoded(int64_t chunk, int height, double vmaf) {
  return {.chunk = chunk,
          .width = SizeOf(height).width,
          .height = height,
          .crf = 30,
          .bits = 1000,
          .vmaf = vmaf,
          .worst_second = vmaf - 1};
}

TEST(NextAnchorsTest, AreTheEndsOfEachSizeOfALongTitle) {
  const model::Ladder ladder =
      LadderOf({720, 720, 720, 480, 240, 240}, kFewChunks + 1);
  EXPECT_THAT(NextAnchors(ladder, {}, {}), ElementsAre(0, 2, 3, 4, 5));
  const std::vector<model::MeasuredChunk> some(1);
  EXPECT_THAT(NextAnchors(ladder, {}, some), ElementsAre());
  EXPECT_THAT(NextAnchors({}, {}, {}), ElementsAre());
}

TEST(NextAnchorsTest, GoRungByRungThroughAShortTitle) {
  const model::Ladder ladder = LadderOf({720, 480}, 2);
  EXPECT_THAT(NextAnchors(ladder, {}, {}), ElementsAre(0));
  EXPECT_THAT(NextAnchors(ladder, LadderOf({720}, 2), {}), ElementsAre(1));
  EXPECT_THAT(NextAnchors(ladder, ladder, {}), ElementsAre());
}

class SettleRungTest : public testing::Test {
 protected:
  std::optional<model::Ladder> Settle(double first, double second,
                                      const char* mode = "per-shot") {
    const std::vector<model::MeasuredChunk> measured{Encoded(0, 720, first),
                                                     Encoded(1, 720, second)};
    return SettleRung(ladder_, {}, measured, chunks_, RecipeOf(mode), anyway_);
  }

  bool anyway_ = false;
  model::Ladder ladder_ = LadderOf({720, 480}, 2);
  std::vector<ChunkFacts> chunks_{{.frames = 48, .segments = 1, .seconds = 2},
                                  {.frames = 48, .segments = 1, .seconds = 2}};
};

TEST_F(SettleRungTest, TakesARungAsItCameOut) {
  const auto settled = Settle(90.5, 91.5);
  ASSERT_TRUE(settled.has_value());
  ASSERT_EQ(settled->rungs.size(), 1u);
  EXPECT_NEAR(settled->rungs[0].target_vmaf, 91, 0.1);
  EXPECT_EQ(settled->rungs[0].rate_bps, 500);
  EXPECT_EQ(settled->choices[0][1].vmaf, 91.5);
  EXPECT_EQ(settled->choices[0][1].bits, 1000);
}

TEST_F(SettleRungTest, NotWhatCameOutFarFromItsDesign) {
  EXPECT_FALSE(Settle(88, 89));    // the first rung a point below
  EXPECT_FALSE(Settle(92, 91.5));  // or above
  EXPECT_FALSE(Settle(93, 87.5));  // one chunk and the other
  ladder_.choices[0][0].capped = true;
  EXPECT_TRUE(Settle(80, 90));
}

// After the last attempt: what is missed is still what was meant.
TEST_F(SettleRungTest, AMissedTargetStaysTheTarget) {
  anyway_ = true;
  const auto settled = Settle(80, 90);
  ASSERT_TRUE(settled.has_value());
  EXPECT_EQ(settled->rungs[0].target_vmaf, 90);
  EXPECT_EQ(settled->rungs[0].rate_bps, 500);
  EXPECT_EQ(settled->choices[0][0].target_vmaf, 90);
}

TEST_F(SettleRungTest, NoChunkIsFarBelowItsRung) {
  ladder_.choices[0][0].target_vmaf = 85;
  ladder_.choices[0][1].target_vmaf = 95;
  EXPECT_TRUE(Settle(85, 95));
  EXPECT_FALSE(Settle(83.6, 96));
}

// One CRF for all: it is their common quality that counts.
TEST_F(SettleRungTest, PerTitleOnlyTheWholeCounts) {
  EXPECT_TRUE(Settle(85, 95.5, "per-title"));
  EXPECT_FALSE(Settle(85, 90, "per-title"));
}

TEST_F(SettleRungTest, WhatCannotBeScoredIsTakenAsItIs) {
  model::MeasuredChunk tiny = Encoded(0, 720, 0);
  tiny.scored = false;
  ladder_ = LadderOf({720}, 1);
  chunks_.resize(1);
  const std::vector<model::MeasuredChunk> measured{tiny};
  const auto settled =
      SettleRung(ladder_, {}, measured, chunks_, RecipeOf("per-shot"), false);
  ASSERT_TRUE(settled.has_value());
  EXPECT_EQ(settled->rungs[0].target_vmaf, 90);
}

class SettleAnchorsTest : public testing::Test {
 protected:
  // The second rung, its chunks as they came out; the last one is alike in all.
  model::Ladder Settle(std::vector<double> vmaf) const {
    std::vector<model::MeasuredChunk> measured;
    for (size_t c = 0; c < kChunks; ++c) {
      measured.push_back(Encoded(static_cast<int64_t>(c), 480,
                                 vmaf[std::min(c, vmaf.size() - 1)]));
    }
    const std::vector<size_t> anchors{1};
    return SettleAnchors(ladder_, anchors, measured, chunks_,
                         RecipeOf("per-shot"));
  }

  static constexpr size_t kChunks = kFewChunks + 1;
  model::Ladder ladder_ = LadderOf({720, 480}, kChunks);
  std::vector<ChunkFacts> chunks_{kChunks,
                                  {.frames = 48, .segments = 1, .seconds = 2}};
};

TEST_F(SettleAnchorsTest, TakesARungAsItCameOut) {
  const model::Ladder settled = Settle({92, 91, 90.5});
  ASSERT_EQ(settled.rungs.size(), 1u);
  EXPECT_EQ(settled.rungs[0].id, "480p-h264");
  EXPECT_NEAR(settled.rungs[0].target_vmaf, 90.9, 0.1);
  EXPECT_EQ(settled.rungs[0].rate_bps, 500);
  EXPECT_EQ(settled.choices[0][0].target_vmaf, 92);
  EXPECT_EQ(settled.choices[0][0].bits, 1000);
}

TEST_F(SettleAnchorsTest, NotARungFarFromItsTarget) {
  EXPECT_TRUE(Settle({86.5}).rungs.empty());
  EXPECT_TRUE(Settle({93.5}).rungs.empty());
}

// The others do as their rung does; the gate sees to that one.
TEST_F(SettleAnchorsTest, AChunkThatIsOffKeepsTheTargetThatItMisses) {
  const model::Ladder settled = Settle({86, 91});
  ASSERT_EQ(settled.rungs.size(), 1u);
  EXPECT_NEAR(settled.choices[0][0].target_vmaf, 90, 0.2);
  EXPECT_EQ(settled.choices[0][0].crf, 30);
  EXPECT_EQ(settled.choices[0][1].target_vmaf, 91);
  EXPECT_GT(settled.rungs[0].target_vmaf, 90.5);
}

TEST_F(SettleAnchorsTest, NotWhatWasNotEncoded) {
  const std::vector<size_t> anchors{0, 1};
  EXPECT_TRUE(SettleAnchors(ladder_, anchors, {}, chunks_, RecipeOf("per-shot"))
                  .rungs.empty());
}

// Rounds as the graph makes them, of a title whose windows mislead: hardly an
// encode is lost.
TEST(RoundsTest, EndWithEveryRungEncodedAsDesigned) {
  const model::Recipe recipe = RecipeOf("per-shot");
  FakeTitle title{.shots = {{.hardness = 2, .bits_per_frame = 60'000}}};
  SearchFacts facts = title.Facts(recipe);
  title.shots[0].hardness = 5;
  title.shots[0].bits_per_frame = 90'000;
  model::Ladder settled;
  model::Ladder ladder = DesignLadder(facts, recipe);
  for (size_t round = 0; round < 30; ++round) {
    const auto rungs = NextAnchors(ladder, settled, facts.measured);
    if (rungs.empty()) break;
    ASSERT_EQ(rungs.size(), 1u);
    facts.measured.push_back(title.Encode(0, ladder.rungs[rungs[0]],
                                          ladder.choices[rungs[0]][0].crf));
    if (auto more = SettleRung(ladder, settled, facts.measured, facts.chunks,
                               recipe, false)) {
      settled = *std::move(more);
    }
    ladder = DesignLadder(facts, recipe, settled);
  }
  EXPECT_EQ(settled.rungs.size(), ladder.rungs.size());
  EXPECT_LE(facts.measured.size(), ladder.rungs.size() + 2);
  for (size_t r = 0; r < ladder.rungs.size(); ++r) {
    const auto encode =
        title.Encode(0, ladder.rungs[r], ladder.choices[r][0].crf);
    EXPECT_NEAR(encode.vmaf, ladder.rungs[r].target_vmaf, 0.01);
    if (r == 0) continue;
    EXPECT_LT(ladder.rungs[r].rate_bps, ladder.rungs[r - 1].rate_bps);
    EXPECT_LT(ladder.rungs[r].target_vmaf, ladder.rungs[r - 1].target_vmaf - 3);
  }
}

}  // namespace
}  // namespace reel::ladder
