#include "quality/score_plot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <regex>
#include <string>

namespace reel::quality {
namespace {

PlotLine Line(const std::string& name, int64_t frames, double score) {
  PlotLine line{name, std::vector<int64_t>(static_cast<size_t>(frames)), {}};
  std::iota(line.frames.begin(), line.frames.end(), 0);
  line.scores.assign(static_cast<size_t>(frames), score);
  return line;
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(PlotScoresTest, DrawsALineAndALegendEach) {
  const std::vector<PlotLine> lines = {Line("low.mp4 61.5", 30, 61.5),
                                       Line("high.mp4 93", 30, 93)};
  const std::string svg = PlotScores("title", lines);
  EXPECT_EQ(Count(svg, "stroke-linejoin"), 2u);
  EXPECT_NE(svg.find(">low.mp4 61.5<"), std::string::npos);
  EXPECT_NE(svg.find(">title<"), std::string::npos);
  // The axis begins at a round number below the lowest score.
  EXPECT_NE(svg.find(">60<"), std::string::npos);
  EXPECT_EQ(svg.find(">50<"), std::string::npos);
}

TEST(PlotScoresTest, NothingInNamesIsMarkup) {
  const std::vector<PlotLine> lines = {Line("<b>&\"\x01.mp4", 2, 50)};
  const std::string svg = PlotScores("a<b", lines);
  EXPECT_EQ(svg.find("<b>"), std::string::npos);
  EXPECT_NE(svg.find("&lt;b>&amp;&quot;?.mp4"), std::string::npos);
  EXPECT_NE(svg.find("a&lt;b"), std::string::npos);
}

TEST(PlotScoresTest, ALongTitleKeepsItsLowestFrame) {
  PlotLine line = Line("long", 200000, 90);
  line.scores[123456] = 10;
  const std::vector<PlotLine> lines = {line};
  const std::string svg = PlotScores("title", lines);
  EXPECT_LT(svg.size(), 40000u);
  EXPECT_EQ(Count(svg, "V"), 1u);  // the one column with a range
}

TEST(PlotScoresTest, HasNoOddNumbers) {
  for (const int64_t frames : {0, 1, 2, 1000}) {
    for (const double score : {0.0, 99.99, 100.0}) {
      const std::vector<PlotLine> lines = {Line("x", frames, score)};
      const std::string svg = PlotScores("title", lines);
      EXPECT_EQ(svg.find("nan"), std::string::npos);
      EXPECT_EQ(svg.find("inf"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace reel::quality
