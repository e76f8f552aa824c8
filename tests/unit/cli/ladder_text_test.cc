#include "cli/ladder_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::cli {
namespace {

using ::testing::HasSubstr;

model::Ladder TwoRungs() {
  model::Ladder ladder{.mode = "per-shot", .rungs = {}};
  ladder.rungs.push_back({.id = "720p-h264-q95",
                          .profile = "h264-high",
                          .preset = "medium",
                          .width = 1280,
                          .height = 720,
                          .rate_bps = 2'000'000,
                          .target_vmaf = 95,
                          .reason = "VMAF 95 takes 2000 kbit/s"});
  ladder.rungs.push_back({.id = "360p-h264",
                          .profile = "h264-high",
                          .preset = "slow",
                          .width = 640,
                          .height = 360,
                          .rate_bps = 500'000});
  return ladder;
}

const model::Timeline kTenSeconds{25, 250, 1, {}};

model::VideoTrack Hd() {
  model::VideoTrack track;
  track.width = 1280;
  track.height = 720;
  return track;
}

TEST(LadderTextTest, EstimatesBytesAndCpu) {
  const LadderEstimate plain =
      EstimateLadder(TwoRungs(), kTenSeconds, Hd(), false);
  EXPECT_EQ(plain.bytes, (std::vector<int64_t>{2'500'000, 625'000}));
  ASSERT_EQ(plain.cpu_seconds.size(), 2u);
  EXPECT_GT(plain.cpu_seconds[0], plain.cpu_seconds[1]);
  const LadderEstimate measured =
      EstimateLadder(TwoRungs(), kTenSeconds, Hd(), true);
  EXPECT_GT(measured.cpu_seconds[1], plain.cpu_seconds[1]);
}

TEST(LadderTextTest, IsATable) {
  const model::Ladder ladder = TwoRungs();
  const std::string text =
      FormatLadder(ladder, EstimateLadder(ladder, kTenSeconds, Hd(), true));
  EXPECT_THAT(text, HasSubstr("720p-h264-q95"));
  EXPECT_THAT(text, HasSubstr("1280x720"));
  EXPECT_THAT(text, HasSubstr("VMAF 95 takes 2000 kbit/s"));
  EXPECT_THAT(text, HasSubstr("of the recipe"));
  EXPECT_THAT(text, HasSubstr("2 rungs"));
}

TEST(LadderTextTest, AnEmptyLadderIsNoTrouble) {
  const LadderEstimate none = EstimateLadder({}, kTenSeconds, Hd(), true);
  EXPECT_THAT(FormatLadder({}, none), HasSubstr("0 rungs"));
}

}  // namespace
}  // namespace reel::cli
