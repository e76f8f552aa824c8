#include "cli/vmaf_text.h"

#include <gtest/gtest.h>

namespace reel::cli {
namespace {

std::vector<ScoredFile> Files() {
  return {{"1080p.mp4", 0, {{0, 1}, {{"vmaf", {90, 80}}, {"neg", {70, 70}}}}},
          {"a.mp4", 3, {{3, 4}, {{"vmaf", {50, 60}}, {"neg", {40, 40}}}}}};
}

TEST(FormatScoresTest, IsATable) {
  const auto text = FormatScores(Files(), {"vmaf"});
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(
      *text,
      "                     mean  harmonic       p10        p5        p1  "
      "     min\n"
      "1080p.mp4  vmaf    85.000    84.709    80.000    80.000    80.000  "
      "  80.000\n"
      "a.mp4      vmaf    55.000    54.554    50.000    50.000    50.000  "
      "  50.000\n");
}

TEST(ScoresForProgramsTest, HasEveryFileAndMetric) {
  const auto json = ScoresForPrograms(Files(), {"vmaf", "neg"});
  ASSERT_TRUE(json.has_value());
  ASSERT_EQ(json->size(), 2u);
  EXPECT_EQ((*json)[1]["file"], "a.mp4");
  EXPECT_EQ((*json)[1]["offset"], 3);
  EXPECT_EQ((*json)[1]["frames"], 2);
  EXPECT_EQ((*json)[1]["scores"]["neg"]["mean"], 40.0);
  EXPECT_EQ((*json)[0]["scores"]["vmaf"]["p5"], 80.0);
}

TEST(ScoresForProgramsTest, AMissingMetricIsAnError) {
  EXPECT_FALSE(ScoresForPrograms(Files(), {"psnr"}).has_value());
}

}  // namespace
}  // namespace reel::cli
