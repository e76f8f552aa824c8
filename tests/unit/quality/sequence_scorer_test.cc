#include "quality/sequence_scorer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_stream.h"

namespace reel::quality {
namespace {

// `frames` frames, the distorted ones another content for a while.
base::Result<SequenceFeatures> Score(const SequenceOptions& options,
                                     int64_t frames = 12, int width = 64) {
  FakeStream reference("ref", frames), same("same", frames, 0, width),
      other("other", frames, 5);
  std::vector<PictureStream*> distorted = {&same, &other};
  return ScoreSequences(reference, distorted, options);
}

void ExpectEqual(const SequenceFeatures& a, const SequenceFeatures& b) {
  EXPECT_EQ(a.frames, b.frames);
  EXPECT_EQ(a.motion, b.motion);
  EXPECT_EQ(a.motion2, b.motion2);
  ASSERT_EQ(a.pairs.size(), b.pairs.size());
  for (size_t d = 0; d < a.pairs.size(); ++d) {
    ASSERT_EQ(a.pairs[d].size(), b.pairs[d].size());
    for (size_t l = 0; l < a.pairs[d].size(); ++l) {
      ASSERT_EQ(a.pairs[d][l].size(), b.pairs[d][l].size());
      for (size_t i = 0; i < a.pairs[d][l].size(); ++i) {
        EXPECT_EQ(a.pairs[d][l][i].adm2, b.pairs[d][l][i].adm2);
        EXPECT_EQ(a.pairs[d][l][i].adm, b.pairs[d][l][i].adm);
        EXPECT_EQ(a.pairs[d][l][i].vif, b.pairs[d][l][i].vif);
      }
    }
  }
}

TEST(ScoreSequencesTest, ScoresEveryPairOfEveryStream) {
  const auto all = Score({.limits = {GainLimits{}, kNegGainLimits}});
  ASSERT_TRUE(all.has_value()) << all.error().message;
  EXPECT_EQ(all->frames.size(), 12u);
  EXPECT_EQ(all->format, (media::LumaFormat{64, 48, 8, false}));
  ASSERT_EQ(all->pairs.size(), 2u);
  ASSERT_EQ(all->pairs[0].size(), 2u);
  ASSERT_EQ(all->pairs[0][1].size(), 12u);
  EXPECT_NEAR(all->pairs[0][0][7].vif[0], 1, 1e-4);
  EXPECT_LT(all->pairs[1][0][7].vif[0], 0.9);
  EXPECT_EQ(all->motion[0], 0);
  EXPECT_GT(all->motion[1], 0);
  EXPECT_TRUE(all->notes.empty());
}

TEST(ScoreSequencesTest, ThreadsChangeNothing) {
  const auto one = Score({}, 40);
  const auto four = Score({.threads = 4}, 40);
  ASSERT_TRUE(one.has_value() && four.has_value());
  ExpectEqual(*one, *four);
}

TEST(ScoreSequencesTest, ASubsampleHasTheSameScoresAtItsFrames) {
  const auto all = Score({});
  for (const int64_t n : {2, 5, 11, 100}) {
    const auto some = Score({.threads = 2, .subsample = n});
    ASSERT_TRUE(all.has_value() && some.has_value());
    ASSERT_EQ(some->frames.size(), static_cast<size_t>((12 + n - 1) / n));
    for (size_t i = 0; i < some->frames.size(); ++i) {
      const auto k = static_cast<size_t>(some->frames[i]);
      EXPECT_EQ(some->frames[i], static_cast<int64_t>(i) * n);
      EXPECT_EQ(some->motion2[i], all->motion2[k]) << k << " by " << n;
      EXPECT_EQ(some->pairs[1][0][i].adm2, all->pairs[1][0][k].adm2);
    }
  }
}

TEST(ScoreSequencesTest, WhatIsScaledIsNoted) {
  const auto all = Score({}, 12, 128);
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->notes, std::vector<std::string>{
                            "same: scaled from 128x48 to 64x48 (bicubic)"});
  const auto larger = Score({.width = 96, .height = 96});
  ASSERT_TRUE(larger.has_value());
  EXPECT_EQ(larger->format, (media::LumaFormat{96, 96, 8, false}));
  EXPECT_EQ(larger->notes.size(), 3u);
}

TEST(ScoreSequencesTest, NoFramesAreAnError) {
  const auto none = Score({}, 0);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, base::Code::kInvalidArgument);
  EXPECT_NE(none.error().message.find("ref"), std::string::npos);
  SequenceOptions far;
  far.selection.first = int64_t{500};
  EXPECT_FALSE(Score(far).has_value());
}

TEST(ScoreSequencesTest, AStopEndsItAtOnce) {
  std::stop_source stop;
  int64_t seen = 0;
  const auto cancelled = Score({.threads = 2,
                                .stop = stop.get_token(),
                                .progress =
                                    [&](int64_t sets) {
                                      seen = sets;
                                      if (sets == 3) stop.request_stop();
                                    }},
                               90);
  ASSERT_FALSE(cancelled.has_value());
  EXPECT_EQ(cancelled.error().code, base::Code::kCancelled);
  EXPECT_LE(seen, 5);
}

TEST(ScoreSequencesTest, TheFirstErrorIsTold) {
  FakeStream reference("ref", 40), a("a", 40);
  a.fails_at = 20;
  std::vector<PictureStream*> distorted = {&a};
  const auto failed = ScoreSequences(reference, distorted, {.threads = 3});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, base::Code::kIo);
}

}  // namespace
}  // namespace reel::quality
