#include "cli/progress.h"

#include <gtest/gtest.h>

namespace reel::cli {
namespace {

const StageProgress kHalf = {
    .name = "encode", .work = 8, .done = 4, .started = 100};

TEST(FormatBarTest, TellsRateAndTimeLeft) {
  EXPECT_EQ(FormatBar(kHalf, 1000, 110, 58),
            "encode    ━━━━━╌╌╌╌╌  50 %     50 frames/s      0:10 left");
}

TEST(FormatBarTest, TellsHowLongADoneStageTook) {
  StageProgress done = kHalf;
  done.done = 8;
  done.ended = 175;
  EXPECT_EQ(FormatBar(done, 1000, 9999, 58),
            "encode    ━━━━━━━━━━ 100 %     13 frames/s      took 1:15");
}

TEST(FormatBarTest, SaysNothingOfAStageThatHasNotStarted) {
  const StageProgress waiting = {.name = "validate", .work = 3};
  EXPECT_EQ(FormatBar(waiting, 1000, 110, 53),
            "validate  ╌╌╌╌╌   0 %                               ");
}

TEST(FormatBarTest, LeavesTheBarOutWhereThereIsNoRoom) {
  EXPECT_EQ(FormatBar(kHalf, 0, 110, 20),
            "encode      50 %                      0:10 left");
}

TEST(FormatBarTest, HundredPercentMeansDone) {
  StageProgress nearly = kHalf;
  nearly.done = 7.99;
  EXPECT_NE(FormatBar(nearly, 0, 110, 80).find(" 99 %"), std::string::npos);
}

TEST(FormatLineTest, NamesTheStagesUnderWay) {
  const StageProgress done = {
      .name = "inspect", .work = 1, .done = 1, .started = 1, .ended = 9};
  const StageProgress waiting = {.name = "package", .work = 1};
  const StageProgress audio = {
      .name = "audio", .work = 1000, .done = 1, .started = 106};
  EXPECT_EQ(FormatLine({done, kHalf, audio, waiting}, 0, 3790),
            "encode 50 %, 1:01:30 left; audio 0 %");
  EXPECT_EQ(FormatLine({done, waiting}, 0, 110), "");
}

}  // namespace
}  // namespace reel::cli
